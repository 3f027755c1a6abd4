import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { AccountForm } from "./account_form";
import { FirstStepsTest } from "./first_steps_test";

const MODEL = "servicedesk.first.steps";

/** From an empty desk to the first answered mail; whatever is done is stored at once, so one may come back any time. */
export class FirstSteps extends Component {
    static template = "servicedesk.FirstSteps";
    static components = { AccountForm, FirstStepsTest };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.body = useRef("body");
        this.state = useState({ data: null, step: "", busy: false, draft: {}, invite: {}, received: null });
        onWillStart(() => this.load(false));
        this.alive = true;
        onWillUnmount(() => (this.alive = false));
        useEffect(
            (step) => {
                const heading = this.moved && this.body.el && this.body.el.querySelector("h2");
                heading && heading.focus();
                return () => (this.moved = Boolean(step));
            },
            () => [this.state.step],
        );
    }

    get steps() {
        return [
            { id: "department", label: _t("Department") },
            { id: "incoming", label: _t("Mailbox") },
            { id: "outgoing", label: _t("Outgoing mail") },
            { id: "sms", label: _t("SMS"), optional: true },
            { id: "team", label: _t("Agents") },
            { id: "messages", label: _t("Automatic replies") },
            { id: "test", label: _t("Test") },
        ].map((step, index) => ({
            ...step,
            number: index + 1,
            done: this.state.data.done.includes(step.id),
            reachable: Boolean(this.state.data.department.email) || step.id === "department",
        }));
    }

    get department() {
        return this.state.data.department;
    }

    async load(departmentId) {
        const data = await this.orm.call(MODEL, "get_state", [departmentId]);
        this.show(data);
        const open = this.steps.find((step) => !step.done) || this.steps.at(-1);
        this.go(open.id);
    }

    show(data) {
        this.state.data = data;
    }

    go(step) {
        const { department, sms, messages } = this.state.data;
        const drafts = {
            department: () => ({ ...department }),
            sms: () => ({ gateway_id: sms.gateway_id || "", number: sms.number }),
            messages: () => ({ ...messages, texts: messages.texts.map((text) => ({ ...text })) }),
        };
        this.state.draft = drafts[step] ? drafts[step]() : {};
        this.state.received = null;
        this.state.step = step;
    }

    next() {
        const index = this.steps.findIndex(({ id }) => id === this.state.step);
        this.go(this.steps[Math.min(index + 1, this.steps.length - 1)].id);
    }

    /** Call a method that answers with the new state; what went wrong is told by Odoo's own dialog. */
    async call(method, args) {
        this.state.busy = true;
        try {
            this.show(await this.orm.call(MODEL, method, args));
        } finally {
            this.state.busy = false;
        }
    }

    async chooseDepartment(value) {
        if (value) {
            await this.load(Number(value));
            this.go("department");
        } else {
            this.state.data = { ...this.state.data, department: { id: false, name: "", email: "" }, done: [] };
            this.go("department");
        }
    }

    async saveDepartment() {
        const { name, email } = this.state.draft;
        await this.call("save_department", [this.department.id || false, name, email]);
        this.next();
    }

    async skip() {
        await this.call("pass_step", [this.department.id, this.state.step]);
        this.next();
    }

    connected({ state, messages }) {
        this.show(state);
        if (this.state.step === "incoming") {
            this.notification.add(_t("The mailbox works. Messages in it: %s", messages), { type: "success" });
        } else {
            this.notification.add(_t("The server takes mail of this department."), { type: "success" });
        }
        this.next();
    }

    async useOther() {
        await this.call("use_other_server", [this.department.id]);
        this.next();
    }

    async saveSms() {
        const { gateway_id: gateway, number } = this.state.draft;
        await this.call("save_sms", [this.department.id, Number(gateway) || false, number]);
        this.next();
    }

    levelLabel({ name }) {
        return _t("Access level of %s", name);
    }

    removeLabel({ name }) {
        return _t("Remove %s", name);
    }

    setLevel(userId, level) {
        return this.call("save_member", [this.department.id, userId, level]);
    }

    async addMember() {
        const { user, level = "specialist" } = this.state.draft;
        await this.call("save_member", [this.department.id, Number(user), level]);
        this.state.draft = {};
    }

    get isMember() {
        const { members, me } = this.state.data.team;
        return members.some((member) => member.user_id === me);
    }

    async invite() {
        const { name, email, level = "specialist" } = this.state.invite;
        await this.call("invite", [this.department.id, name, email, level]);
        this.notification.add(_t("Invitation sent: %s", email), { type: "success" });
        this.state.invite = {};
    }

    async saveMessages() {
        const { acknowledge, texts, signature } = this.state.draft;
        await this.call("save_messages", [this.department.id, acknowledge, texts, signature]);
        this.next();
    }

    async passTest() {
        await this.call("pass_step", [this.department.id, "test"]);
    }

    async finish() {
        await this.orm.call(MODEL, "finish", []);
        await this.openTickets();
        browser.setTimeout(() => this.env.bus.trigger("SERVICEDESK:FIRST_STEPS_FINISHED"));
    }

    openTickets() {
        return this.action.doAction("servicedesk.servicedesk_ticket_action", { clearBreadcrumbs: true });
    }

    openGateways() {
        return this.action.doAction("servicedesk.servicedesk_sms_gateway_action");
    }

    openDoubtful() {
        return this.action.doAction("servicedesk.servicedesk_address_claim_action", {
            additionalContext: { search_default_open: 0, search_default_doubtful: 1 },
        });
    }

    openDepartment() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "servicedesk.department",
            res_id: this.department.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("servicedesk.first_steps", FirstSteps);
