import { readTime } from "../common/dates";

const UNSETTLED = new Set(["failed", "unknown"]);

/** Whether the entry waits for somebody's decision; such items stand last, right above the answer buttons. */
export function isUnsettled(entry) {
    return entry.type === "item" && UNSETTLED.has(entry.state);
}

function compare(a, b) {
    return isUnsettled(a) - isUnsettled(b) || a.date.localeCompare(b.date) || a.key.localeCompare(b.key);
}

/** Put fresh entries among the known ones: the newer version of an entry wins, order is that of the screen. */
export function mergeEntries(known, fresh) {
    const byKey = new Map([...known, ...fresh].map((entry) => [entry.key, entry]));
    return [...byKey.values()].sort(compare);
}

export const FILTERS = {
    all: () => true,
    email: (entry) => entry.kind === "email",
    note: (entry) => entry.kind === "note",
    event: (entry) => entry.type === "event",
    important: (entry) => Boolean(entry.important),
};

/**
 * What the feed renders for these entries: `{day}` lines between days, the entries themselves, and the
 * unsettled ones at the end under no day of their own.
 */
export function layOut(entries, filter = "all") {
    const rows = [];
    let last = null;
    for (const entry of entries.filter(FILTERS[filter])) {
        const date = readTime(entry.date);
        if (!isUnsettled(entry) && !(last && date.hasSame(last, "day"))) {
            rows.push({ key: `day-${date.toISODate()}`, day: date });
            last = date;
        }
        rows.push({ key: entry.key, entry });
    }
    return rows;
}
