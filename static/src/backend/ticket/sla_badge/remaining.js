import { _t } from "@web/core/l10n/translation";
import { readTime } from "../../common/dates";

const HOUR = 3600;

/** Working seconds left of a badge's promise at `now`, negative when it is overdue; see `_get_sla_badge`. */
export function remaining(badge, now = luxon.DateTime.utc()) {
    const from = readTime(badge.asof).toSeconds();
    const until = now.toSeconds();
    const worked = badge.periods.reduce(
        (sum, [start, end]) => sum + Math.max(0, Math.min(end, until) - Math.max(start, from)),
        0,
    );
    return badge.remaining - worked;
}

function days(count) {
    const locale = luxon.Settings.defaultLocale || "en";
    return new Intl.NumberFormat(locale, { style: "unit", unit: "day", unitDisplay: "long" }).format(count);
}

/** "38 min", "1 h 58 min", "2 days 4 h": two figures at most, a day having as many hours as one works. */
export function inWords(seconds, day = 24 * HOUR) {
    const minutes = Math.floor(Math.abs(seconds) / 60);
    const whole = Math.floor((minutes * 60) / day);
    if (whole) {
        const hours = Math.floor((minutes * 60 - whole * day) / HOUR);
        return hours ? _t("%(days)s %(hours)s h", { days: days(whole), hours }) : days(whole);
    }
    const hours = Math.floor(minutes / 60);
    if (!hours) {
        return _t("%s min", minutes);
    }
    return minutes % 60 ? _t("%(hours)s h %(minutes)s min", { hours, minutes: minutes % 60 }) : _t("%s h", hours);
}

const WAITS = {
    customer: () => _t("waiting for the customer"),
    third_party: () => _t("waiting for a third party"),
    date: () => _t("waiting until a chosen day"),
    acceptance: () => _t("waiting for customer confirmation"),
};

/** How a badge looks now: `{tone, icon, words, name}`; the words tell what colour and icon do. */
export function present(badge, now) {
    if (badge.state === "met") {
        return { tone: "ok", icon: "fa-check", words: _t("met"), name: _t("SLA target met") };
    }
    if (badge.state === "missed") {
        return { tone: "muted", icon: "fa-exclamation-circle", words: _t("late"), name: _t("SLA target missed") };
    }
    if (badge.state === "paused") {
        const words = (WAITS[badge.waiting] || (() => _t("paused")))();
        return { tone: "muted", icon: "fa-pause", words, name: _t("SLA timer paused") };
    }
    const left = remaining(badge, now);
    if (left <= 0) {
        const words = left > -60 ? _t("overdue") : _t("overdue %s", inWords(left, badge.day));
        return { tone: "danger", icon: "fa-exclamation-triangle", words, name: _t("Deadline passed") };
    }
    const tone = badge.state === "soon" || left <= badge.soon ? "warn" : "plain";
    return { tone, icon: "fa-hourglass-half", words: inWords(left, badge.day), name: _t("Working time left") };
}
