import { user } from "@web/core/user";
import { readTime } from "../common/dates";

const UNSETTLED = new Set(["failed", "unknown", "scheduled", "draft"]);
// What may be taken back, and then is no item of the time line any more.
const WITHDRAWABLE = new Set(["queued", "scheduled", "draft"]);

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

/** Leave out what the newest page would show if it still were there: mails taken back, drafts no longer shared. */
export function dropWithdrawn(known, page) {
    const fresh = new Set([...page.entries, ...(page.unsettled || [])].map(({ key }) => key));
    return known.filter(({ key, type, state }) => fresh.has(key) || type !== "item" || !WITHDRAWABLE.has(state));
}

const FILTERS = {
    all: () => true,
    event: (entry) => entry.type === "event",
    message: (entry) => entry.type === "message",
    important: (entry) => Boolean(entry.important),
    mine: (entry) => entry.type === "item" && entry.author.user_id === user.userId,
};

/** Whether an entry passes a filter: `all`, `event`, `message` (of other apps), `important`, `mine`, or a kind of item. */
export function passes(entry, filter) {
    return FILTERS[filter] ? FILTERS[filter](entry) : entry.type === "item" && entry.kind === filter;
}

/** Whether the entry is a note that belongs to the discussion under another item. */
export function isDiscussion(entry) {
    return entry.type === "item" && entry.kind === "note" && Boolean(entry.parent_id);
}

/**
 * What the feed renders for these entries: `{day}` lines between days, the entries themselves, and the
 * unsettled ones at the end under no day of their own. Notes of a discussion come with the card of their item
 * (`notes`); where that card is not among the entries they stand for themselves. `{divider}` stands above the entry
 * with that key.
 */
export function layOut(entries, filter = "all", dividerKey = null) {
    const rows = [];
    let last = null;
    const shown = entries.filter((entry) => passes(entry, filter));
    const discussions = new Map(
        shown.filter((entry) => entry.type === "item" && !isDiscussion(entry)).map(({ id }) => [id, []]),
    );
    for (const entry of shown) {
        if (isDiscussion(entry) && discussions.has(entry.parent_id)) {
            discussions.get(entry.parent_id).push(entry);
            continue;
        }
        const date = readTime(entry.date);
        if (!isUnsettled(entry) && !(last && date.hasSame(last, "day"))) {
            rows.push({ key: `day-${date.toISODate()}`, day: date });
            last = date;
        }
        if (entry.key === dividerKey) {
            rows.push({ key: "divider", divider: true });
        }
        rows.push(
            entry.type === "item"
                ? { key: entry.key, entry, notes: discussions.get(entry.id) }
                : { key: entry.key, entry },
        );
    }
    return rows;
}
