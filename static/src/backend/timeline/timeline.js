import { Component, onMounted, onPatched, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useAddressActions } from "../address_actions/use_address_actions";
import { dayName } from "../common/dates";
import "../composer/composer";
import { availableComposers, composers } from "../composer_tabs/composer_tabs";
import { EventLine } from "../event_line/event_line";
import { useTicketEnv } from "../gallery/ticket_gallery";
import { Item } from "../item/item";
import { forward, print } from "../item_menu/item_actions";
import { SelectionBar } from "../item_menu/selection_bar";
import { provideDesk } from "../item_menu/timeline_desk";
import { ChangesStrip } from "../presence/changes_strip";
import { usePresence } from "../presence/use_presence";
import { findDivider, useReading } from "../reads/reading";
import { useTicketKeys } from "../ticket/keys";
import { TicketSearch } from "../ticket_search/ticket_search";
import { TAKE_BACK } from "../undo/undo_service";
import { dropWithdrawn, isDiscussion, layOut, mergeEntries, passes } from "./entries";
import { filterChips } from "./filter_chips";

const PAGE = 30;
const LEAP = 200; // entries at a time on the way to an older one
const MOST_NEW_PAGES = 5; // so many pages of new entries are loaded to open at the first of them
const SKELETON_DELAY = 150;
const DIVIDER_TOP = 48; // px that stay above the divider, so that the end of what one knows is seen
const CARD_MARGIN = 8; // px around a card that is brought into sight, room for its focus ring
const NEAR_END = 60; // px from the bottom that still count as "reading the newest"

/** Asks the time line, over `env.bus`, to bring the item with this id into sight. */
export const SHOW_ITEM = "SERVICEDESK:SHOW_ITEM";

// An item's link ("…/tickets/7?item=23"); read at once, the web client soon tidies up the address.
let linkedItem = Number(new URLSearchParams(browser.location.search).get("item"));

/** Everything that was said and done on one ticket, with the answer below. Remounted for another ticket. */
export class Timeline extends Component {
    static template = "servicedesk.Timeline";
    static components = { ChangesStrip, EventLine, Item, SelectionBar, TicketSearch };
    static props = {
        ticketId: Number,
        record: { type: Object, optional: true },
        readonly: { type: Boolean, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.bus = useService("bus_service");
        this.notification = useService("notification");
        this.scroller = useRef("scroller");
        this.state = useState({
            entries: [],
            cursor: null,
            counts: {},
            filter: "all",
            folded: false,
            status: "loading", // loading, slow, ready, error
            loadingOlder: false,
            news: 0,
            divider: null, // key of the entry above which "New since your last visit" stands
            hit: null, // id of the item that the search has found
            searching: false,
            channels: null, // what the server says about the ways to answer
            discussing: null, // {id, write}: the item whose discussion is to be opened
            selected: null, // ids of the ticked items while one chooses
            answer: null, // {kind, replyToId, replyAll} while the composer is open
        });
        this.stayAtEnd = true;
        this.turn = 0; // of refreshing: only the newest answer counts
        this.desk = provideDesk(this);
        this.undo = useService("servicedesk.undo");
        useBus(this.env.bus, TAKE_BACK, ({ detail }) => this.onTakeBack(detail));
        this.refreshSoon = useDebounced(() => this.refresh(), 250);

        useTicketEnv(() => this.props.ticketId);
        useBus(this.env.bus, SHOW_ITEM, ({ detail }) => this.showItem(detail));
        this.listen();
        onMounted(() => this.load());
        onPatched(() => this.keepPlace());
        this.root = useRef("root");
        this.presence = usePresence(this);
        this.reading = useReading(
            this.scroller,
            () => this.state.entries,
            (ids) =>
                this.env.services.orm.silent.call("servicedesk.ticket", "mark_shown", [[this.props.ticketId], ids]),
        );
        useTicketKeys(this);
        useAddressActions(() => ({
            ticketId: this.props.ticketId,
            channels: this.state.channels || {},
            canWrite: this.canAnswer,
            write: (kind, value) => this.writeTo(kind, value),
        }));
        useHotkey("alt+arrowup", () => this.focusNeighbour(-1), { allowRepeat: true });
        useHotkey("alt+arrowdown", () => this.focusNeighbour(1), { allowRepeat: true });
        // Pictures and fonts that arrive late must not push the newest words out of sight.
        useEffect(
            (el) => {
                if (!el) {
                    return;
                }
                const observer = new ResizeObserver(() => this.keepPlace());
                observer.observe(el);
                observer.observe(el.firstElementChild);
                const letGo = () => (this.atDivider = false);
                const gestures = ["wheel", "touchmove", "pointerdown", "keydown"];
                gestures.forEach((name) => el.addEventListener(name, letGo, { passive: true }));
                return () => {
                    observer.disconnect();
                    gestures.forEach((name) => el.removeEventListener(name, letGo));
                };
            },
            () => [this.scroller.el],
        );
    }

    listen() {
        const channel = `servicedesk.ticket_${this.props.ticketId}`;
        const onChanged = ({ id }) => id === this.props.ticketId && this.refreshSoon();
        this.bus.addChannel(channel);
        this.bus.subscribe("servicedesk.ticket/changed", onChanged);
        onWillUnmount(() => {
            this.bus.unsubscribe("servicedesk.ticket/changed", onChanged);
            this.bus.deleteChannel(channel);
        });
        if (this.props.record) {
            // Saving or a button of the form writes events; the bus may be slow or absent.
            useBus(this.props.record.model.bus, "update", () => {
                if (this.state.status === "ready" && !this.props.record.dirty) {
                    this.refreshSoon();
                }
            });
        }
    }

    // ------------------------------------------------------------------ reading

    async fetch(cursor = null, limit = PAGE) {
        const asOf = Date.now();
        const args = [this.props.ticketId];
        const page = await this.orm.silent.call("servicedesk.timeline", "get_page", args, { cursor, limit });
        return { ...page, asOf };
    }

    async load() {
        this.state.status = "loading";
        const slow = browser.setTimeout(() => {
            if (this.state.status === "loading") {
                this.state.status = "slow";
            }
        }, SKELETON_DELAY);
        try {
            const page = await this.fetch();
            this.show(page);
            this.state.cursor = page.cursor;
            this.state.status = "ready";
            this.openDraft(page.drafts);
            linkedItem ? this.showItem(linkedItem) : this.openAtNews();
        } catch (error) {
            this.state.status = "error";
            this.state.error = error.data?.message || error.message || "";
            return;
        } finally {
            browser.clearTimeout(slow);
        }
        this.markRead();
    }

    /** Open at the first entry that came since the last visit, however many they are. */
    async openAtNews() {
        for (let page = 1; page < MOST_NEW_PAGES && this.state.cursor && this.state.entries[0]?.unread; page++) {
            await this.loadOlder();
        }
        this.state.divider = findDivider(this.state.entries);
        if (this.state.divider) {
            this.atDivider = true;
            this.stayAtEnd = false;
        }
    }

    /**
     * Bring an item into sight, loading older entries on the way.
     *
     * @param {number} id
     * @param {{focus?: boolean}} [options] `focus: false` where one goes on typing
     */
    async showItem(id, { focus = true } = {}) {
        const key = `servicedesk.item-${id}`;
        if (!id) {
            return;
        }
        linkedItem = 0;
        this.state.filter = "all";
        while (this.state.cursor && !this.state.entries.some((entry) => entry.key === key)) {
            if (!(await this.loadOlder(LEAP))) {
                return;
            }
        }
        this.stayAtEnd = this.atDivider = false;
        const shown = this.state.entries.find((entry) => entry.key === key);
        if (shown && isDiscussion(shown)) {
            this.state.discussing = { id: shown.parent_id, write: false };
        }
        await new Promise((resolve) => browser.setTimeout(resolve));
        const card = this.cards.find((el) => `servicedesk.item-${el.dataset.itemId}` === key);
        if (card) {
            this.scrollTo(card, "center");
            focus && card.focus({ preventScroll: true });
        }
    }

    show(page) {
        const known = page.unsettled ? dropWithdrawn(this.state.entries, page) : this.state.entries;
        this.state.entries = mergeEntries(known, [...page.entries, ...(page.unsettled || [])]);
        this.undo.offer(this.props.ticketId, page.entries, page.asOf);
        this.state.counts = page.counts || this.state.counts;
        this.state.channels = page.channels || this.state.channels;
        this.presence.showReaders(page.readers);
    }

    /** Fetch the newest page again; whoever reads older entries keeps the place and gets a hint instead. */
    async refresh() {
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
        const known = new Set(this.state.entries.map((entry) => entry.key));
        const overlaps = page.entries.some((entry) => known.has(entry.key)); // else there may be a gap between them
        const arrived = page.entries.filter((entry) => !known.has(entry.key));
        if (!overlaps && known.size && page.cursor) {
            this.state.entries = []; // more than a page has come in: start from the newest again
            this.state.cursor = page.cursor;
        }
        this.show(page);
        if (!this.stayAtEnd) {
            const isOwn = (entry) => isDiscussion(entry) && entry.author.user_id === user.userId;
            this.state.news += arrived.filter((entry) => entry.type === "item" && !isOwn(entry)).length;
        }
        this.presence.onArrived(arrived);
    }

    /** @returns {Promise<boolean>} whether there are more entries on the screen now */
    async loadOlder(limit = PAGE) {
        if (this.state.loadingOlder || !this.state.cursor) {
            return false;
        }
        this.state.loadingOlder = true;
        const { el } = this.scroller;
        const fromEnd = el.scrollHeight - el.scrollTop;
        try {
            const page = await this.fetch(this.state.cursor, limit);
            this.stayAtEnd = false;
            this.show(page);
            this.state.cursor = page.cursor;
            await new Promise((resolve) => browser.requestAnimationFrame(resolve));
            el.scrollTop = el.scrollHeight - fromEnd;
            return true;
        } catch (error) {
            this.notification.add(error.data?.message || _t("Older entries could not be loaded."), { type: "warning" });
            return false;
        } finally {
            this.state.loadingOlder = false;
        }
    }

    async markRead() {
        if (await this.orm.silent.call("servicedesk.ticket", "mark_read", [[this.props.ticketId]])) {
            await this.reloadRecord();
        }
    }

    /** Bring the form's fields up to date, unless somebody is just changing them. */
    async reloadRecord() {
        const { record } = this.props;
        if (record && !record.isNew && !(await record.isDirty())) {
            await record.load();
        }
    }

    get rows() {
        return layOut(this.state.entries, this.state.filter, this.state.divider);
    }

    get filters() {
        return filterChips(this.state);
    }

    get foldLabel() {
        return this.state.folded ? _t("Expand all") : _t("Collapse all");
    }

    dayName(date) {
        return dayName(date);
    }

    toggleFolded() {
        this.state.folded = !this.state.folded;
    }

    /** Show one kind only; where few of it are loaded, older entries are fetched until there is something to read. */
    async setFilter(id) {
        const { state } = this;
        state.filter = state.filter === id ? "all" : id;
        this.stayAtEnd = true;
        const wanted = Math.min(PAGE, state.counts[state.filter] ?? 0);
        const enough = () => state.entries.filter((entry) => passes(entry, state.filter)).length >= wanted;
        while (state.filter === id && state.cursor && !enough() && (await this.loadOlder(LEAP))) {
            this.stayAtEnd = true;
        }
    }

    // ---------------------------------------------------------------- scrolling

    onScroll() {
        const { el } = this.scroller;
        this.stayAtEnd = el.scrollHeight - el.scrollTop - el.clientHeight < NEAR_END;
        if (this.stayAtEnd) {
            this.state.news = 0;
        }
        if (el.scrollTop < NEAR_END && el.scrollHeight > el.clientHeight + NEAR_END) {
            this.loadOlder();
        }
    }

    /** Pictures that arrive late, or a panel that opens, must not move what one has come to read. */
    keepPlace() {
        if (this.atDivider) {
            const { el } = this.scroller;
            const divider = el?.querySelector(".o_sd_divider");
            if (divider) {
                el.scrollTop += divider.getBoundingClientRect().top - el.getBoundingClientRect().top - DIVIDER_TOP;
            }
        } else if (this.stayAtEnd) {
            this.scrollToEnd();
        }
    }

    /** Scroll the feed, and nothing around it, until a card is in sight; a long one with its head at the top. */
    scrollTo(card, block = "nearest") {
        const { el } = this.scroller;
        const [view, place] = [el.getBoundingClientRect(), card.getBoundingClientRect()];
        const above = place.top - view.top - CARD_MARGIN;
        const below = place.bottom - view.bottom + CARD_MARGIN;
        if (place.height > view.height - 2 * CARD_MARGIN) {
            el.scrollTop += above;
        } else if (block === "center") {
            el.scrollTop += (above + below) / 2;
        } else if (above < 0 || below > 0) {
            el.scrollTop += above < 0 ? above : below;
        }
    }

    scrollToEnd() {
        const { el } = this.scroller;
        if (el) {
            el.scrollTop = el.scrollHeight;
        }
    }

    showNews() {
        this.state.news = 0;
        this.atDivider = false;
        this.stayAtEnd = true;
        this.scrollToEnd();
    }

    // ---------------------------------------------------------------- answering

    get canAnswer() {
        return !this.props.readonly;
    }

    /** What was being written when this screen was left is there again, in sight, but takes no focus. */
    openDraft(drafts = []) {
        this.state.drafts = drafts.filter((draft) => composers.contains(draft));
        const { servicedesk_compose: wanted } = this.props.record?.context || {};
        if (composers.contains(wanted || "") && !this.state.answer) {
            return this.answer(wanted); // whoever opened the ticket wants to write this
        }
        const [kind] = this.state.drafts;
        if (kind && !this.state.answer && !this.ui.isSmall) {
            this.state.answer = { kind, autofocus: false };
        }
    }

    /** On a phone the composer hides what is said: a stored draft waits behind one button. */
    get waitingDraft() {
        const [kind] = this.ui.isSmall ? this.state.drafts || [] : [];
        return kind && { kind, label: composers.get(kind).label };
    }

    /** Put an address or a number into the recipients and open what is being written there. */
    writeTo(kind, value) {
        return this.desk.prepare(kind, () =>
            this.orm.call("servicedesk.item", "add_recipient", [this.props.ticketId, kind, value]),
        );
    }

    answer(kind, replyToId = false, replyAll = false) {
        this.state.answer = { kind, replyToId, replyAll, autofocus: true };
    }

    /** A failed mail has gone back to being a draft: it leaves the time line and opens in the composer. */
    editDraft({ key, kind }) {
        this.state.entries = this.state.entries.filter((entry) => entry.key !== key);
        this.answer(kind);
    }

    /** What can be written besides a mail and a note, which have their own buttons. */
    get otherComposers() {
        return availableComposers(this.state.channels || {}).filter(({ kind }) => !["email", "note"].includes(kind));
    }

    /** A mail of this ticket is wanted back from the bar with its countdown. */
    onTakeBack(request) {
        if (request.ticketId === this.props.ticketId && this.canAnswer && !request.handled) {
            this.turn++;
            request.handled = this.desk
                .prepare(request.kind, request.run)
                .then(() => Promise.all([this.refresh(), this.reloadRecord()]));
        }
    }

    get composer() {
        return composers.get(this.state.answer.kind).component;
    }

    get answerKey() {
        const { kind, replyToId, replyAll } = this.state.answer;
        return [kind, replyToId, replyAll].join("-");
    }

    async closeAnswer({ sent = false } = {}) {
        const { kind } = this.state.answer;
        this.state.answer = null;
        this.presence.stopWriting();
        if (sent) {
            this.state.drafts = (this.state.drafts || []).filter((draft) => draft !== kind);
            this.atDivider = false;
            this.stayAtEnd = true;
            this.state.filter = "all";
            await Promise.all([this.refresh(), this.reloadRecord()]);
            this.desk.offerWaiting();
        }
        this.focusLast();
    }

    async callItem(method, id) {
        await this.orm.call("servicedesk.item", method, [[id]]);
        await this.refresh();
    }

    // ----------------------------------------------------------------- keyboard

    /** Entry of the card that has the focus, else the newest incoming one. */
    get current() {
        const card = document.activeElement?.closest?.("article[data-item-id]");
        const id = this.scroller.el?.contains(card) ? Number(card.dataset.itemId) : this.lastIncomingId;
        return this.state.entries.find((entry) => entry.type === "item" && entry.id === id);
    }

    forwardCurrent() {
        this.current && forward(this.current, this.desk);
    }

    starCurrent() {
        this.current && this.callItem("action_toggle_important", this.current.id);
    }

    /** The next item that came since the last visit and has not been in sight; after the last one, the first. */
    showUnread() {
        const fresh = this.state.entries.filter((entry) => entry.unread);
        const unseen = fresh.filter((entry) => !this.reading.isSeen(entry.id));
        const candidates = unseen.length ? unseen : fresh;
        const at = candidates.findIndex((entry) => entry.id === this.current?.id);
        const next = candidates[(at + 1) % candidates.length];
        next ? this.showItem(next.id) : this.notification.add(_t("Nothing new here."), { type: "info" });
    }

    openSearch() {
        this.state.searching = true;
        this.root.el.querySelector(".o_sd_search_input")?.focus();
    }

    closeSearch() {
        this.state.searching = false;
        const { hit } = this.state;
        this.state.hit = null;
        const card = hit && this.cards.find((el) => Number(el.dataset.itemId) === hit);
        card ? card.focus({ preventScroll: true }) : this.focusLast();
    }

    showHit(id) {
        this.state.hit = id;
        return this.showItem(id, { focus: false });
    }

    print() {
        print([], this.desk);
    }

    get lastIncomingId() {
        return this.state.entries.findLast((entry) => entry.direction === "in")?.id || false;
    }

    get cards() {
        return [...(this.scroller.el?.querySelectorAll("article") || [])];
    }

    focusNeighbour(step) {
        const { cards } = this;
        const current = cards.indexOf(document.activeElement?.closest("article"));
        const next = cards[current < 0 ? cards.length - 1 : current + step];
        this.atDivider = false;
        if (next) {
            next.focus({ preventScroll: true });
            this.scrollTo(next);
        }
    }

    focusLast() {
        this.cards.at(-1)?.focus({ preventScroll: true });
    }
}

/** `<widget name="servicedesk_timeline"/>`: the time line of the form's ticket. */
export class TimelineWidget extends Component {
    static template = "servicedesk.TimelineWidget";
    static components = { Timeline };
    static props = { ...standardWidgetProps };

    setup() {
        this.state = useState({ ticketId: false });
        useRecordObserver((record) => {
            this.state.ticketId = record.resId;
        });
    }
}

registry.category("view_widgets").add("servicedesk_timeline", { component: TimelineWidget });
