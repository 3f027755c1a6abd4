import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

const PORTS = {
    imap: { ssl: 993, none: 143 },
    pop: { ssl: 995, none: 110 },
    smtp: { ssl: 465, starttls: 587, none: 25 },
};

/** A mail account: its server, and what the test says in words. The password goes out and never comes back. */
export class AccountForm extends Component {
    static template = "servicedesk.AccountForm";
    static props = {
        direction: String, // "incoming" or "outgoing"
        account: Object,
        departmentId: Number,
        providers: Array,
        provider: { type: String, optional: true },
        onConnected: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({
            values: { ...this.props.account, password: "" },
            provider: this.props.account.stored ? "" : this.props.provider || "",
            problem: null,
            testing: false,
            error: "",
        });
        this.stored = JSON.stringify(this.place(this.props.account));
    }

    place({ kind, host, port, encryption, user }) {
        return [kind, host, Number(port), encryption, user];
    }

    /** A stored password serves only the very server and login that it was typed for. */
    get hasPassword() {
        return (
            this.props.account.stored &&
            this.state.values.user &&
            JSON.stringify(this.place(this.state.values)) === this.stored
        );
    }

    get passwordHint() {
        return this.hasPassword ? _t("stored; leave empty to keep it") : "";
    }

    get note() {
        const provider = this.props.providers.find(({ key }) => key === this.state.provider);
        return provider ? provider.note : "";
    }

    get encryptions() {
        const outgoing = this.props.direction === "outgoing";
        return [
            { id: "ssl", label: _t("SSL/TLS") },
            ...(outgoing ? [{ id: "starttls", label: _t("STARTTLS") }] : []),
            { id: "none", label: _t("None (only inside your own network)") },
        ];
    }

    set(key, value) {
        const { values } = this.state;
        const usual = PORTS[values.kind][values.encryption];
        values[key] = value;
        values.verify = key === "verify" ? value : true;
        if (["kind", "encryption"].includes(key) && Number(values.port) === usual) {
            values.port = PORTS[values.kind][values.encryption] || values.port;
        }
        if (key === "kind") {
            values.host = values.host.replace(/^(imap|pop3?)\./, value === "pop" ? "pop3." : "imap.");
        }
    }

    chooseProvider(key) {
        this.state.provider = key;
        const provider = this.props.providers.find((one) => one.key === key);
        if (provider) {
            const kind = this.props.direction === "incoming" ? "imap" : "smtp";
            Object.assign(this.state.values, provider[this.props.direction], { kind, verify: true });
        }
    }

    async fix() {
        Object.assign(this.state.values, this.state.problem.fix.values);
        await this.connect();
    }

    async connect() {
        const { kind, host, port, encryption, user, password, verify } = this.state.values;
        Object.assign(this.state, { testing: true, problem: null, error: "" });
        try {
            const result = await this.orm.call("servicedesk.first.steps", `connect_${this.props.direction}`, [
                this.props.departmentId,
                { kind, host, port: Number(port) || 0, encryption, user, password, verify },
            ]);
            if (result.problem) {
                this.state.problem = result.problem;
            } else {
                this.props.onConnected(result);
            }
        } catch (error) {
            this.state.error = (error.data && error.data.message) || _t("The test could not be run. Try again.");
        } finally {
            this.state.testing = false;
        }
    }
}
