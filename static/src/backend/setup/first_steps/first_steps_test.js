import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { useService } from "@web/core/utils/hooks";

const EVERY = 2000; // milliseconds between two looks
const LONG = 180; // seconds after which the mail is late

/** The department's mail to itself, followed until the ledger has it. */
export class FirstStepsTest extends Component {
    static template = "servicedesk.FirstStepsTest";
    static props = { departmentId: Number, email: String, onArrived: Function };

    setup() {
        this.orm = useService("orm").silent;
        this.state = useState({ stage: "none", text: "", seconds: 0, error: "" });
        this.alive = true;
        onWillUnmount(() => {
            this.alive = false;
            browser.clearTimeout(this.timer);
        });
        this.ask("get_test");
    }

    start() {
        return this.ask("start_test");
    }

    async ask(method) {
        browser.clearTimeout(this.timer);
        try {
            const found = await this.orm.call("servicedesk.first.steps", method, [this.props.departmentId]);
            const arrived = found.stage === "arrived" && this.state.stage !== "arrived";
            Object.assign(this.state, found, { error: "" });
            arrived && this.props.onArrived();
        } catch (error) {
            this.state.error = (error.data && error.data.message) || _t("The connection was lost.");
        }
        if (this.alive && this.isRunning) {
            this.timer = browser.setTimeout(() => this.ask("get_test"), EVERY);
        }
    }

    get isRunning() {
        return ["queued", "sent"].includes(this.state.stage);
    }

    get isLate() {
        return this.isRunning && this.state.seconds > LONG;
    }

    get lines() {
        const order = ["queued", "sent", "arrived"];
        const reached = order.indexOf(this.state.stage === "failed" ? "queued" : this.state.stage);
        return [
            { id: "queued", label: _t("Handed to the outgoing server") },
            { id: "sent", label: _t("On its way: %s", this.props.email) },
            { id: "arrived", label: _t("Read from the mailbox") },
        ].map((line, index) => ({
            ...line,
            state: this.state.stage === "arrived" || index < reached ? "done" : index === reached ? "now" : "later",
        }));
    }
}
