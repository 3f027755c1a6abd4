import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { findDivider } from "./reads/reading";
import { dropWithdrawn, isDiscussion, mergeEntries } from "./entries";

export const PAGE = 30;
const LEAP = 200; // entries at a time on the way to an older one
const MOST_NEW_PAGES = 5; // so many pages of new entries are loaded to open at the first of them
const SKELETON_DELAY = 150;

/** Fetches the entries of a time line page by page, from the newest back, and keeps them. */
class Pages {
    constructor({ ticketId, place, onPage, onArrived }, services) {
        Object.assign(this, { ticketId, place, onPage, onArrived, ...services });
        this.turn = 0; // of refreshing: only the newest answer counts
        this.state = useState({
            entries: [],
            cursor: null, // of the next older page; null where the oldest entry is there
            counts: {}, // of the whole ticket, by kind
            status: "loading", // loading, slow, ready, error
            error: "",
            loadingOlder: false,
        });
    }

    get isReady() {
        return this.state.status === "ready";
    }

    get hasOlder() {
        return Boolean(this.state.cursor);
    }

    /** The newest entry that fits; undefined where there is none. */
    findLast(fits) {
        return this.state.entries.findLast(fits);
    }

    findItem(id) {
        return this.state.entries.find((entry) => entry.type === "item" && entry.id === id);
    }

    /** Take an entry from the screen before the server is asked again. */
    drop(key) {
        this.state.entries = this.state.entries.filter((entry) => entry.key !== key);
    }

    async fetch(cursor = null, limit = PAGE) {
        const asOf = Date.now();
        const args = [this.ticketId];
        const page = await this.orm.call("servicedesk.timeline", "get_page", args, { cursor, limit });
        return { ...page, asOf };
    }

    /** @returns {Promise<Object | undefined>} the newest page, nothing where it could not be had */
    async load() {
        const { state } = this;
        state.status = "loading";
        const slow = browser.setTimeout(() => {
            if (state.status === "loading") {
                state.status = "slow";
            }
        }, SKELETON_DELAY);
        try {
            const page = await this.fetch();
            this.show(page);
            state.cursor = page.cursor;
            state.status = "ready";
            return page;
        } catch (error) {
            state.status = "error";
            state.error = error.data?.message || error.message || "";
        } finally {
            browser.clearTimeout(slow);
        }
    }

    /** Open at the first entry that came since the last visit, however many they are. */
    async openAtNews() {
        const { state } = this;
        for (let page = 1; page < MOST_NEW_PAGES && state.cursor && state.entries[0]?.unread; page++) {
            await this.loadOlder();
        }
        this.place.goToDivider(findDivider(state.entries));
    }

    show(page) {
        const { state } = this;
        const known = page.unsettled ? dropWithdrawn(state.entries, page) : state.entries;
        state.entries = mergeEntries(known, [...page.entries, ...(page.unsettled || [])]);
        state.counts = page.counts || state.counts;
        this.onPage(page);
    }

    /** Fetch the newest page again; whoever reads older entries keeps the place and gets a hint instead. */
    async refresh() {
        const { state } = this;
        const turn = ++this.turn;
        let page;
        try {
            page = await this.fetch();
        } catch {
            return; // what is on the screen stays readable, the next change tries again
        }
        if (turn !== this.turn) {
            return; // what was asked later, or a mail taken back meanwhile, makes this answer old
        }
        const known = new Set(state.entries.map((entry) => entry.key));
        const overlaps = page.entries.some((entry) => known.has(entry.key)); // else there may be a gap between them
        const arrived = page.entries.filter((entry) => !known.has(entry.key));
        if (!overlaps && known.size && page.cursor) {
            state.entries = []; // more than a page has come in: start from the newest again
            state.cursor = page.cursor;
        }
        this.show(page);
        const isOwn = (entry) => isDiscussion(entry) && entry.author.user_id === user.userId;
        this.place.announce(arrived.filter((entry) => entry.type !== "event" && !isOwn(entry)).length);
        this.onArrived(arrived);
    }

    /** What has been asked for until now is old: something has just changed. */
    outdate() {
        this.turn++;
    }

    /** @returns {Promise<boolean>} whether there are more entries on the screen now */
    async loadOlder(limit = PAGE) {
        const { state } = this;
        if (state.loadingOlder || !state.cursor) {
            return false;
        }
        state.loadingOlder = true;
        const { el } = this.place;
        const fromEnd = el.scrollHeight - el.scrollTop;
        try {
            const page = await this.fetch(state.cursor, limit);
            this.place.atEnd = false;
            this.show(page);
            state.cursor = page.cursor;
            await new Promise((resolve) => browser.requestAnimationFrame(resolve));
            el.scrollTop = el.scrollHeight - fromEnd;
            return true;
        } catch (error) {
            this.notification.add(error.data?.message || _t("Older entries could not be loaded."), { type: "warning" });
            return false;
        } finally {
            state.loadingOlder = false;
        }
    }

    /** Load many older entries at once, on the way to one that is wanted. */
    leap() {
        return this.loadOlder(LEAP);
    }

    /** Load older entries until this one is there; false where they could not be had. */
    async loadUntil(key) {
        const { state } = this;
        while (state.cursor && !state.entries.some((entry) => entry.key === key)) {
            if (!(await this.leap())) {
                return false;
            }
        }
        return true;
    }
}

/**
 * The entries of one ticket as far as they are loaded.
 *
 * @param {Object} parts
 * @param {number} parts.ticketId
 * @param {FeedPlace} parts.place kept while older entries come in above
 * @param {(page: Object) => void} parts.onPage hears of every page that the server gave
 * @param {(entries: Object[]) => void} parts.onArrived hears of what came in while the screen was open
 */
export function usePages(parts) {
    return new Pages(parts, { orm: useService("orm").silent, notification: useService("notification") });
}
