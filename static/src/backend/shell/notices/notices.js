import { Component, onWillDestroy, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { readTime, shortTime } from "../../common/dates";

const ICONS = {
    mention: "fa-at",
    assigned: "fa-user",
    dispatch: "fa-random",
    answer: "fa-envelope-o",
    note: "fa-lock",
    watched: "fa-eye",
    undelivered: "fa-exclamation-triangle",
    new: "fa-plus",
    urgent: "fa-flag",
    reminder: "fa-clock-o",
    sla_warning: "fa-hourglass-half",
    sla_breach: "fa-hourglass-end",
    escalation: "fa-level-up",
    confirm: "fa-question-circle-o",
};

/** The lifebuoy in the top bar: a line for each ticket with news, the newest first; a click opens the very item. */
export class Notices extends Component {
    static template = "servicedesk.Notices";
    static components = { Dropdown, DropdownItem };
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.bus = useService("bus_service");
        this.dropdown = useDropdownState();
        this.state = useState({ unread: 0, notices: [], failed: false });
        this.fetchSoon = useDebounced(() => this.fetch(), 300);
        this.bus.subscribe("servicedesk.notice/new", this.fetchSoon);
        onWillDestroy(() => this.bus.unsubscribe("servicedesk.notice/new", this.fetchSoon));
        this.fetch();
    }

    async fetch() {
        try {
            const { unread, notices } = await this.orm.silent.call("servicedesk.notice", "get_inbox", []);
            Object.assign(this.state, { unread, notices, failed: false });
        } catch {
            this.state.failed = true;
        }
    }

    get label() {
        return this.state.unread ? _t("Notifications: %s unread", this.count) : _t("Notifications");
    }

    get count() {
        return this.state.unread > 99 ? "99+" : String(this.state.unread);
    }

    icon(notice) {
        return ICONS[notice.kind] || "fa-bell-o";
    }

    /** "You are mentioned · Petr · for Jana", or "3 news on SD-12: answer, priority, owner · Petr" */
    title({ title, author, absent, count, number, words }) {
        if (count > 1) {
            title = _t("%(count)s news on %(number)s: %(words)s", { count, number, words: words.join(", ") });
        }
        const instead = absent ? _t("for %s", absent) : "";
        return [title, author, instead].filter(Boolean).join(" · ");
    }

    when(notice) {
        return shortTime(readTime(notice.date));
    }

    async open(notice) {
        const action = await this.orm.call("servicedesk.notice", "action_open", [notice.ids]);
        this.fetchSoon();
        await this.action.doAction(action);
    }

    async readAll() {
        await this.orm.call("servicedesk.notice", "mark_read", []);
        await this.fetch();
    }

    async openAll() {
        await this.action.doAction("servicedesk.servicedesk_notice_action");
    }
}

registry.category("services").add("servicedesk.notices", {
    async start() {
        if (await user.hasGroup("servicedesk.group_user")) {
            registry.category("systray").add("servicedesk.notices", { Component: Notices }, { sequence: 24 });
        }
    },
});
