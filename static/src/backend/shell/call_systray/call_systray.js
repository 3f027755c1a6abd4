import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { KeepLast } from "@web/core/utils/concurrency";
import { useDebounced } from "@web/core/utils/timing";

const NOTHING = { number: "", people: [], tickets: [] };

/** The panel behind the telephone: a number, who that is, the tickets it may be about, or a new one. */
export class CallPanel extends Component {
    static template = "servicedesk.CallPanel";
    static props = { close: Function };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.last = new KeepLast();
        this.state = useState({
            number: "",
            direction: "in",
            found: null,
            person: false,
            subject: "",
            error: "",
            busy: false,
        });
        this.findSoon = useDebounced(() => this.find(), 250);
        useAutofocus({ refName: "number" });
    }

    get directions() {
        return [
            { id: "in", label: _t("Incoming"), icon: "oi-arrow-down-left" },
            { id: "out", label: _t("Outgoing"), icon: "oi-arrow-up-right" },
        ];
    }

    onNumber(ev) {
        this.state.number = ev.target.value;
        this.state.error = "";
        this.findSoon();
    }

    async find() {
        const { number } = this.state;
        if (number.replace(/\D/g, "").length < 3) {
            this.state.found = null;
            return;
        }
        try {
            const found = await this.last.add(this.orm.silent.call("servicedesk.call.log", "find", [number]));
            this.state.found = found || NOTHING;
            this.state.person = found.people[0]?.id || false;
        } catch (error) {
            this.state.error = error.data?.message || _t("The server did not answer.");
        }
    }

    get personName() {
        return this.state.found?.people.find(({ id }) => id === this.state.person)?.name || "";
    }

    /** What the new ticket will be called when nothing is typed. */
    get suggestedSubject() {
        return _t("Phone call: %s", this.personName || this.state.found?.number || this.state.number);
    }

    async start(ticketId = false) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        const { direction, number, person, subject } = this.state;
        try {
            const id = await this.orm.call("servicedesk.call.log", "start", [], {
                number,
                direction,
                ticket_id: ticketId,
                person_id: person,
                subject: subject.trim() || this.suggestedSubject.toString(),
            });
            this.props.close();
            await this.action.doAction({
                type: "ir.actions.act_window",
                res_model: "servicedesk.ticket",
                res_id: id,
                views: [[false, "form"]],
                context: { servicedesk_compose: "call" },
            });
        } catch (error) {
            this.state.error = error.data?.message || _t("The server did not answer.");
        } finally {
            this.state.busy = false;
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && ev.target.matches("input")) {
            ev.preventDefault();
            const [ticket] = this.state.found?.tickets || [];
            ev.target.matches(".o_sd_call_subject") || !ticket ? this.start() : this.start(ticket.id);
        }
    }
}

/** "Log a call" in the bar of every app, for agents. */
export class CallSystray extends Component {
    static template = "servicedesk.CallSystray";
    static components = { CallPanel, Dropdown };
    static props = {};

    setup() {
        this.dropdown = useDropdownState();
        this.state = useState({ agent: false });
        onWillStart(async () => {
            this.state.agent = await user.hasGroup("servicedesk.group_user");
        });
    }
}

registry.category("systray").add("servicedesk.CallSystray", { Component: CallSystray }, { sequence: 24 });
