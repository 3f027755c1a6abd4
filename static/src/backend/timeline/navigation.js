import { useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { useService } from "@web/core/utils/hooks";
import { useTicketActions } from "../ticket/ticket_actions";
import { isDiscussion } from "./entries";

/** Goes from card to card of a time line: by key, to a given item, to what is unread, to what the search finds. */
class Navigation {
    constructor({ pages, place, view, isSeen }, notification) {
        Object.assign(this, { pages, place, view, isSeen, notification });
        this.root = useRef("root");
        this.state = useState({
            searching: false,
            hit: null, // id of the item that the search has found
        });
    }

    get lastIncomingId() {
        return this.pages.findLast((entry) => entry.direction === "in")?.id || false;
    }

    /** Entry of the card that has the focus, else the newest incoming one. */
    get current() {
        const card = document.activeElement?.closest?.("article[data-item-id]");
        const id = this.place.el?.contains(card) ? Number(card.dataset.itemId) : this.lastIncomingId;
        return this.pages.findItem(id);
    }

    focusNeighbour(step) {
        const { cards } = this.place;
        const current = cards.indexOf(document.activeElement?.closest("article"));
        const next = cards[current < 0 ? cards.length - 1 : current + step];
        this.place.atDivider = false;
        if (next) {
            next.focus({ preventScroll: true });
            this.place.scrollTo(next);
        }
    }

    focusLast() {
        this.place.cards.at(-1)?.focus({ preventScroll: true });
    }

    /**
     * Bring an item into sight, loading older entries on the way.
     *
     * @param {number} id
     * @param {{focus?: boolean}} [options] `focus: false` where one goes on typing
     */
    async showItem(id, { focus = true } = {}) {
        if (!id) {
            return;
        }
        const key = `servicedesk.item-${id}`;
        this.view.showAll();
        if (!(await this.pages.loadUntil(key))) {
            return;
        }
        this.place.letGo();
        const shown = this.pages.findItem(id);
        if (shown && isDiscussion(shown)) {
            this.view.openDiscussion(shown.parent_id, { write: false });
        }
        await new Promise((resolve) => browser.setTimeout(resolve));
        const card = this.place.cardOf(id);
        if (card) {
            this.place.scrollTo(card, "center");
            focus && card.focus({ preventScroll: true });
        }
    }

    /** The next item that came since the last visit and has not been in sight; after the last one, the first. */
    showUnread() {
        const fresh = this.pages.state.entries.filter((entry) => entry.unread);
        const unseen = fresh.filter((entry) => !this.isSeen(entry.id));
        const candidates = unseen.length ? unseen : fresh;
        const at = candidates.findIndex((entry) => entry.id === this.current?.id);
        const next = candidates[(at + 1) % candidates.length];
        next ? this.showItem(next.id) : this.notification.add(_t("Nothing new here."), { type: "info" });
    }

    openSearch() {
        this.state.searching = true;
        this.root.el.querySelector(".o_sd_search_input")?.focus();
    }

    toggleSearch() {
        this.state.searching ? this.closeSearch() : this.openSearch();
    }

    closeSearch() {
        this.state.searching = false;
        const { hit } = this.state;
        this.state.hit = null;
        const card = hit && this.place.cardOf(hit);
        card ? card.focus({ preventScroll: true }) : this.focusLast();
    }

    showHit(id) {
        this.state.hit = id;
        return this.showItem(id, { focus: false });
    }
}

/**
 * Ways through the cards of a time line; Alt with an arrow works while one writes, too.
 *
 * @param {Object} parts
 * @param {Pages} parts.pages
 * @param {FeedPlace} parts.place
 * @param {FeedView} parts.view
 * @param {(id: number) => boolean} parts.isSeen whether an item has been in sight
 * @param {TicketActions} parts.actions to which its ways are added
 */
export function useNavigation(parts) {
    const navigation = new Navigation(parts, useService("notification"));
    useTicketActions(parts.actions, {
        next: () => navigation.focusNeighbour(1),
        previous: () => navigation.focusNeighbour(-1),
        unread: () => navigation.showUnread(),
        search: () => navigation.openSearch(),
    });
    useHotkey("alt+arrowup", () => navigation.focusNeighbour(-1), { allowRepeat: true });
    useHotkey("alt+arrowdown", () => navigation.focusNeighbour(1), { allowRepeat: true });
    return navigation;
}
