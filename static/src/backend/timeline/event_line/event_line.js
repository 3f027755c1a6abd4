import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { clock, exactTime, readTime } from "../../common/dates";

const ICONS = {
    created: "fa-plus-circle",
    owner_id: "fa-user-o",
    state: "fa-circle",
    department_id: "fa-wrench",
    category_id: "fa-bookmark-o",
    priority: "fa-flag-o",
    tag_ids: "fa-tag",
    partner_id: "fa-building-o",
    contact_id: "fa-address-book-o",
    first_response: "fa-hourglass-half",
    resolution: "fa-hourglass-half",
    manual_deadline: "fa-hourglass-half",
    sla_breach: "fa-exclamation-triangle",
    escalation: "fa-level-up",
    parent_id: "fa-sitemap",
    child_added: "fa-sitemap",
    child_removed: "fa-sitemap",
    macro: "fa-bolt",
    rule: "fa-bolt",
    handed_over: "fa-share",
    team_id: "fa-users",
    split: "fa-code-fork",
    split_from: "fa-code-fork",
    related: "fa-link",
    unrelated: "fa-chain-broken",
    merged: "fa-compress",
    merged_into: "fa-compress",
    merge_undone: "fa-expand",
    reminded: "fa-bell-o",
    sms_stop: "fa-ban",
    sms_start: "fa-commenting-o",
    status_id: "fa-circle-o",
    waiting_for: "fa-pause-circle-o",
    reopen_at: "fa-calendar",
};

/** What happened once and is no change of a field: the words before its one value. */
const FACTS = {
    child_added: () => _t("Sub-ticket"),
    child_removed: () => _t("Sub-ticket removed"),
    macro: () => _t("Macro"),
    rule: () => _t("Rule"),
    handed_over: () => _t("Reassigned"),
    split: () => _t("Split to new ticket"),
    split_from: () => _t("Split from"),
    related: () => _t("Related ticket"),
    unrelated: () => _t("Related ticket removed"),
    merged: () => _t("Merged into this ticket"),
    merged_into: () => _t("Merged into"),
    merge_undone: () => _t("Merge undone"),
    reminded: () => _t("Reminder"),
    sms_stop: () => _t("Wants no more SMS"),
    sms_start: () => _t("Wants SMS again"),
};

const MOMENT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/** Moments are kept in UTC and shown as the reader's clock says. */
function read(value) {
    return MOMENT.test(value || "") ? exactTime(readTime(value)) : value;
}

/** The words of an event: `{label, change, author}`, each may be empty. */
export function describeChange({ kind, label, author, old, new: now, words }) {
    if (kind === "created") {
        const channels = {
            email: _t("Created from an e-mail"),
            portal: _t("Created in the portal"),
            sms: _t("Created from an SMS"),
        };
        label = channels[now] || (author ? _t("Created by %s", author) : _t("Created"));
        return { label, change: "", author: "" };
    }
    label = FACTS[kind]?.() || label || kind;
    if (words || kind in FACTS) {
        return { label, change: words || now, author };
    }
    const nothing = kind === "owner_id" ? _t("nobody") : _t("nothing");
    return { label, change: `${read(old) || nothing} → ${read(now) || nothing}`, author };
}

/** One change in one slim line: "Owner: nobody → Petr Dvořák · Admin". */
export class EventLine extends Component {
    static template = "servicedesk.EventLine";
    static props = { event: Object };

    get icon() {
        return ICONS[this.props.event.kind] || "fa-pencil";
    }

    get time() {
        const date = readTime(this.props.event.date);
        return { short: clock(date), exact: exactTime(date) };
    }

    get words() {
        return describeChange(this.props.event);
    }
}
