import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";

/** What goes on paper: some items or the whole ticket, with or without what is internal. */
export class PrintDialog extends Component {
    static template = "servicedesk.PrintDialog";
    static components = { Dialog };
    static props = {
        ticketId: Number,
        itemIds: Array, // empty: the whole ticket
        close: Function,
    };

    setup() {
        this.state = useState({ whole: !this.props.itemIds.length, internal: false });
    }

    get title() {
        return _t("Print");
    }

    get chosenLabel() {
        const { length } = this.props.itemIds;
        return length === 1 ? _t("This message") : _t("The selected messages: %s", length);
    }

    get url() {
        const params = new URLSearchParams();
        if (!this.state.whole) {
            params.set("items", this.props.itemIds.join(","));
        }
        if (this.state.internal) {
            params.set("internal", "1");
        }
        return `/servicedesk/print/${this.props.ticketId}?${params}`;
    }
}
