import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** Above a mail that came in a colleague's name and is not proven: only that colleague can say what becomes of it. */
export class Claimed extends Component {
    static template = "servicedesk.Claimed";
    static props = {
        item: Object,
        write: Function, // open the draft that has been made of it
        call: Function, // (method of servicedesk.item), refreshes afterwards
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ busy: false, error: "" });
    }

    get words() {
        const { mine, name } = this.props.item.claimed;
        if (mine) {
            return _t("This mail came in your name. Is it yours?");
        }
        return name
            ? _t("This mail came in the name of %s, who has not confirmed it yet.", name)
            : _t("This mail answers a notification, but not from the address to which the notification went.");
    }

    async settle(send) {
        this.state.busy = true;
        this.state.error = "";
        try {
            await this.props.call(send ? "action_answer_with_own" : "action_keep_own");
            send && this.props.write();
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        } finally {
            this.state.busy = false;
        }
    }
}
