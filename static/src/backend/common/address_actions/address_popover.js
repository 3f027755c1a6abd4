import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { useService } from "@web/core/utils/hooks";
import { composers } from "../../composer/composer_tabs/composer_tabs";
import { reachUrl } from "./linkify";

/** What one can do with an e-mail address or a phone number: write, call, SMS, open the client, ban. */
export class AddressPopover extends Component {
    static template = "servicedesk.AddressPopover";
    static props = {
        value: String,
        ticketId: Number,
        channels: Object,
        canWrite: Boolean,
        write: Function, // (kind, value)
        hover: { type: Object, optional: true }, // {enter, leave} where the pointer opened it
        close: { type: Function, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ found: null });
        onWillStart(() => this.look());
    }

    async look() {
        const { ticketId, value } = this.props;
        const plain = { kind: value.includes("@") ? "email" : "phone", value, shown: value, name: "", can_ban: false };
        try {
            const found = await this.orm.silent.call("servicedesk.timeline", "describe_address", [ticketId, value]);
            this.state.found = found.kind ? found : plain;
        } catch {
            this.state.found = plain; // writing and calling need nothing from the server
        }
    }

    get found() {
        return this.state.found;
    }

    get isPhone() {
        return this.found.kind === "phone";
    }

    get callUrl() {
        return reachUrl(this.found.value);
    }

    get offersSms() {
        const entry = composers.get("sms", null);
        return (
            this.isPhone &&
            this.props.canWrite &&
            Boolean(entry) &&
            (!entry.available || entry.available(this.props.channels))
        );
    }

    write(kind) {
        this.props.close();
        this.props.write(kind, this.found.value);
    }

    openClient() {
        this.props.close();
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: this.found.partner_id,
            views: [[false, "form"]],
        });
    }

    ban() {
        this.props.close();
        this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Block %s", this.found.shown),
            res_model: "servicedesk.ban",
            views: [[false, "form"]],
            target: "new",
            context: { default_value: this.found.value },
        });
    }

    async copy() {
        this.props.close();
        await browser.navigator.clipboard.writeText(this.found.shown);
        this.notification.add(_t("Copied: %s", this.found.shown), { type: "success" });
    }
}
