import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { exactTime, readTime } from "../../common/dates";
import { composerOf } from "../../composer/composer_tabs/composer_tabs";
import { useDesk } from "../item_menu/timeline_desk";

/** Whether an item has not been said yet: a colleague's shared draft, or a mail or an SMS that waits for its time. */
export function isPending(item) {
    return ["draft", "scheduled"].includes(item.state);
}

/** What can be done with an item that has not been said yet, below its card. */
export class Pending extends Component {
    static template = "servicedesk.Pending";
    static props = {
        item: Object,
        call: Function, // (method of servicedesk.item), refreshes afterwards
    };

    setup() {
        this.desk = useDesk();
        this.notification = useService("notification");
        this.state = useState({ busy: false });
    }

    get isScheduled() {
        return this.props.item.state === "scheduled";
    }

    get words() {
        const { author, send_at: sendAt } = this.props.item;
        if (!this.isScheduled) {
            return _t("Draft shared by: %s. It has not been sent.", author.name);
        }
        const date = readTime(sendAt);
        const day = date.toLocaleString({
            weekday: "short",
            day: "numeric",
            month: "long",
            hour: "numeric",
            minute: "2-digit",
        });
        return _t("Scheduled for %(day)s, %(distance)s", { day, distance: date.toRelative() });
    }

    get exact() {
        return this.isScheduled ? exactTime(readTime(this.props.item.send_at)) : "";
    }

    get canWrite() {
        return Boolean(this.desk?.canWrite);
    }

    /** Run `action` unless another one runs. */
    async guard(action) {
        if (!this.state.busy) {
            this.state.busy = true;
            try {
                await action();
            } finally {
                this.state.busy = false;
            }
        }
    }

    /** Make it one's own draft and open it in the composer. */
    open(method) {
        const { desk } = this;
        const { id } = this.props.item;
        return this.guard(async () => {
            await desk.prepare(composerOf(this.props.item), () => desk.orm.call("servicedesk.item", method, [[id]]));
            await desk.refresh();
        });
    }

    cancel() {
        return this.guard(async () => {
            await this.props.call("action_cancel_schedule");
            this.notification.add(_t("It is a draft again and will not be sent."), { type: "success" });
        });
    }

    sendNow() {
        return this.guard(() => this.props.call("action_send_now"));
    }
}
