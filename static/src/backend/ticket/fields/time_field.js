import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { exactTime, shortTime } from "../../common/dates";

/** Date and time as people say it ("14:18", "yesterday 16:20", "18 Nov"), exact in the tooltip. */
export class ShortTimeField extends Component {
    static template = "servicedesk.ShortTimeField";
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get short() {
        return shortTime(this.value);
    }

    get exact() {
        return exactTime(this.value);
    }
}

registry.category("fields").add("servicedesk_short_time", {
    component: ShortTimeField,
    displayName: _t("Short time"),
    supportedTypes: ["datetime"],
    listViewWidth: [100, 160],
});
