import { _t } from "@web/core/l10n/translation";

const MORNING = { hour: 8, minute: 0, second: 0, millisecond: 0 };
const AFTERNOON = { hour: 16, minute: 0, second: 0, millisecond: 0 };

/**
 * Times at which one likes to send later, in the zone of `now`: `[{id, label, at}]`, none in the past, none twice.
 *
 * @param {luxon.DateTime} now
 */
export function presets(now) {
    const monday = now.plus({ days: 8 - now.weekday }).set(MORNING);
    const found = [
        { id: "afternoon", label: _t("This afternoon"), at: now.set(AFTERNOON) },
        { id: "tomorrow", label: _t("Tomorrow morning"), at: now.plus({ days: 1 }).set(MORNING) },
        { id: "monday", label: _t("On Monday morning"), at: monday },
    ];
    return found.filter(
        ({ at }, index) => at > now.plus({ minutes: 10 }) && !found.slice(0, index).some((other) => +other.at === +at),
    );
}
