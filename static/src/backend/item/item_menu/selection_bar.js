import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { print, split } from "./item_actions";
import { useDesk } from "./timeline_desk";

/** What can be done with the items that are ticked. */
export class SelectionBar extends Component {
    static template = "servicedesk.SelectionBar";
    static props = { ids: Array };

    setup() {
        this.desk = useDesk();
    }

    get label() {
        return _t("Selected: %s", this.props.ids.length);
    }

    async split() {
        await split(this.props.ids, this.desk);
    }

    print() {
        print(this.props.ids, this.desk);
    }
}
