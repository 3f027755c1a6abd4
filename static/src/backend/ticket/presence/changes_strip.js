import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { describeChange } from "../../timeline/event_line/event_line";

/** What others have just changed, with its author; where one has changed the same, the choice between the two. */
export class ChangesStrip extends Component {
    static template = "servicedesk.ChangesStrip";
    static props = {
        changes: Array, // events of the time line
        conflict: Boolean,
        takeOver: Function,
        close: Function,
    };

    sentence(event) {
        const { label, change, author } = describeChange(event);
        const words = change ? _t("%(field)s: %(change)s", { field: label, change }) : label;
        return author ? `${words} · ${author}` : words;
    }
}
