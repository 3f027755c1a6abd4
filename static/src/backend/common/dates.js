import { deserializeDateTime } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/** Time of the server ("2026-11-19 14:18:00", UTC) as the reader's local time. */
export function readTime(value) {
    return value ? deserializeDateTime(value) : null;
}

/** Hours and minutes as the reader's language settings have them. */
export function clock(date) {
    return date.toFormat(localization.timeFormat.replace(/[:.]ss/, ""));
}

/** "14:18", "yesterday 16:20", "18 Nov", "18 Nov 2024": as short as the distance allows. */
export function shortTime(date, now = DateTime.local()) {
    if (date.hasSame(now, "day")) {
        return clock(date);
    }
    if (date.hasSame(now.minus({ days: 1 }), "day")) {
        return _t("yesterday %s", clock(date));
    }
    const format = { day: "numeric", month: "short" };
    return date.toLocaleString(date.hasSame(now, "year") ? format : { ...format, year: "numeric" });
}

/** Date, time and zone without any doubt, for tooltips. */
export function exactTime(date) {
    return date.toLocaleString({ ...DateTime.DATETIME_FULL, weekday: "long" });
}

/** Words on the line between two days: "Thursday 19 November, today". */
export function dayName(date, now = DateTime.local()) {
    const format = { weekday: "long", day: "numeric", month: "long" };
    const day = date.toLocaleString(date.hasSame(now, "year") ? format : { ...format, year: "numeric" });
    if (date.hasSame(now, "day")) {
        return _t("%s, today", day);
    }
    return date.hasSame(now.minus({ days: 1 }), "day") ? _t("%s, yesterday", day) : day;
}
