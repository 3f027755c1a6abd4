import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useTicketActions } from "../ticket/ticket_actions";
import { layOut, passes } from "./entries";
import { filterChips } from "./filter_chips";
import { PAGE } from "./pages";

/** What of the entries the feed shows, and how: one kind only, folded, with a discussion open, with items ticked. */
class FeedView {
    constructor({ pages, place }) {
        Object.assign(this, { pages, place });
        this.state = useState({
            filter: "all",
            folded: false,
            discussing: null, // {id, write}: the item whose discussion is to be opened
            selected: null, // ids of the ticked items while one chooses
        });
    }

    get rows() {
        return layOut(this.pages.state.entries, this.state.filter, this.place.state.divider);
    }

    get chips() {
        return filterChips(this.pages.state);
    }

    get foldLabel() {
        return this.state.folded ? _t("Expand all") : _t("Collapse all");
    }

    toggleFolded() {
        this.state.folded = !this.state.folded;
    }

    showAll() {
        this.state.filter = "all";
    }

    /** Show one kind only; where few of it are loaded, older entries are fetched until there is something to read. */
    async setFilter(id) {
        const { pages, place, state } = this;
        state.filter = state.filter === id ? "all" : id;
        place.atEnd = true;
        const wanted = Math.min(PAGE, pages.state.counts[state.filter] ?? 0);
        const enough = () => pages.state.entries.filter((entry) => passes(entry, state.filter)).length >= wanted;
        while (state.filter === id && pages.hasOlder && !enough() && (await pages.leap())) {
            place.atEnd = true;
        }
    }

    openDiscussion(id, { write }) {
        this.state.discussing = { id, write };
    }

    /** Start ticking items, tick another one, or (null) end it. */
    select(item) {
        if (!item) {
            this.state.selected = null;
            return;
        }
        const ids = this.state.selected || [];
        this.state.selected = ids.includes(item.id) ? ids.filter((id) => id !== item.id) : [...ids, item.id];
    }
}

/**
 * @param {Object} parts
 * @param {Pages} parts.pages
 * @param {FeedPlace} parts.place where one reads among the entries
 * @param {TicketActions} parts.actions to which folding is added
 */
export function useFeedView(parts) {
    const view = new FeedView(parts);
    useTicketActions(parts.actions, { fold: () => view.toggleFolded() });
    return view;
}
