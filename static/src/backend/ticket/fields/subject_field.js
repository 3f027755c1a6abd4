import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ICONS = { in: "oi oi-arrow-down-left", out: "oi oi-arrow-up-right", internal: "fa fa-lock" };

/** Subject of a ticket with its newest words below, as a list shows it. */
export class SubjectField extends Component {
    static template = "servicedesk.SubjectField";
    static props = { ...standardFieldProps };

    get data() {
        return this.props.record.data;
    }

    get direction() {
        const direction = this.data.last_item_direction;
        const names = { in: _t("Received"), out: _t("Sent"), internal: _t("Internal note") };
        return direction ? { name: names[direction], icon: ICONS[direction], side: `o_sd_side_${direction}` } : null;
    }
}

registry.category("fields").add("servicedesk_subject", {
    component: SubjectField,
    displayName: _t("Subject with last message"),
    supportedTypes: ["char"],
    fieldDependencies: [
        { name: "last_item_preview", type: "char" },
        { name: "last_item_direction", type: "char" },
        { name: "unread", type: "boolean" },
    ],
});
