import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { findDivider } from "./reads/reading";
import { dropWithdrawn, isDiscussion, mergeEntries, passes } from "./entries";

const PAGE = 30;
const LEAP = 200; // entries at a time on the way to an older one
const MOST_NEW_PAGES = 5; // so many pages of new entries are loaded to open at the first of them
const SKELETON_DELAY = 150;

/** Fetches the entries of a time line page by page, from the newest back, and keeps them in its state. */
class Pages {
    constructor(timeline, services) {
        this.timeline = timeline;
        this.turn = 0; // of refreshing: only the newest answer counts
        Object.assign(this, services);
    }

    get state() {
        return this.timeline.state;
    }

    get place() {
        return this.timeline.place;
    }

    async fetch(cursor = null, limit = PAGE) {
        const asOf = Date.now();
        const args = [this.timeline.props.ticketId];
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
        state.divider = findDivider(state.entries);
        if (state.divider) {
            this.place.goToDivider();
        }
    }

    show(page) {
        const { state } = this;
        const known = page.unsettled ? dropWithdrawn(state.entries, page) : state.entries;
        state.entries = mergeEntries(known, [...page.entries, ...(page.unsettled || [])]);
        this.undo.offer(this.timeline.props.ticketId, page.entries, page.asOf);
        state.counts = page.counts || state.counts;
        state.channels = page.channels || state.channels;
        this.timeline.presence.showReaders(page.readers);
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
        if (!this.place.atEnd) {
            const isOwn = (entry) => isDiscussion(entry) && entry.author.user_id === user.userId;
            state.news += arrived.filter((entry) => entry.type === "item" && !isOwn(entry)).length;
        }
        this.timeline.presence.onArrived(arrived);
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

    /** Load older entries until this one is there; false where they could not be had. */
    async loadUntil(key) {
        const { state } = this;
        while (state.cursor && !state.entries.some((entry) => entry.key === key)) {
            if (!(await this.loadOlder(LEAP))) {
                return false;
            }
        }
        return true;
    }

    /** Show one kind only; where few of it are loaded, older entries are fetched until there is something to read. */
    async setFilter(id) {
        const { state } = this;
        state.filter = state.filter === id ? "all" : id;
        this.place.atEnd = true;
        const wanted = Math.min(PAGE, state.counts[state.filter] ?? 0);
        const enough = () => state.entries.filter((entry) => passes(entry, state.filter)).length >= wanted;
        while (state.filter === id && state.cursor && !enough() && (await this.loadOlder(LEAP))) {
            this.place.atEnd = true;
        }
    }
}

export function usePages(timeline) {
    return new Pages(timeline, {
        orm: useService("orm").silent,
        notification: useService("notification"),
        undo: useService("servicedesk.undo"),
    });
}
