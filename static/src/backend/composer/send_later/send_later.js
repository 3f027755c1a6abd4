import { Component, useState } from "@odoo/owl";
import { DateTimePicker } from "@web/core/datetime/datetime_picker";
import { Dialog } from "@web/core/dialog/dialog";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { clock } from "../../common/dates";
import { presets } from "./presets";

const { DateTime } = luxon;

/** Any day and minute, in the user's time zone. */
export class SendLaterDialog extends Component {
    static template = "servicedesk.SendLaterDialog";
    static components = { DateTimePicker, Dialog };
    static props = { close: Function, choose: Function };

    setup() {
        const soon = DateTime.local().plus({ hours: 1 }).startOf("hour");
        this.state = useState({ value: soon });
        this.minDate = DateTime.local().startOf("day");
    }

    get title() {
        return _t("Send later");
    }

    get label() {
        const { value } = this.state;
        const day = value.toLocaleString({ weekday: "short", day: "numeric", month: "short" });
        return _t("Send on %(day)s, %(time)s", { day, time: clock(value) });
    }

    get zone() {
        return _t("Time zone: %s", this.state.value.zoneName);
    }

    get isPast() {
        return this.state.value <= DateTime.local();
    }

    confirm() {
        if (!this.isPast) {
            this.props.close();
            this.props.choose(this.state.value);
        }
    }
}

/** The arrow beside "Send": times at which it may leave instead. */
export class SendLater extends Component {
    static template = "servicedesk.SendLater";
    static components = { Dropdown, DropdownItem };
    static props = {
        choose: Function, // (luxon.DateTime)
        disabled: { type: Boolean, optional: true },
        buttonClass: { type: String, optional: true },
    };
    static defaultProps = { buttonClass: "btn-primary" };

    setup() {
        this.dialog = useService("dialog");
    }

    get presets() {
        return presets(DateTime.local()).map(({ id, label, at }) => ({
            id,
            label,
            at,
            time: [at.hasSame(DateTime.local(), "day") ? "" : at.toLocaleString({ weekday: "short" }), clock(at)].join(
                " ",
            ),
        }));
    }

    pick() {
        this.dialog.add(SendLaterDialog, { choose: this.props.choose });
    }
}
