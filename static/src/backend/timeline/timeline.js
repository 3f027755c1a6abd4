import {
    Component,
    onMounted,
    onPatched,
    onWillUnmount,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { dayName } from "../common/dates";
import "../composer/composer";
import { availableComposers, composers } from "../composer_tabs/composer_tabs";
import { EventLine } from "../event_line/event_line";
import { useTicketEnv } from "../gallery/ticket_gallery";
import { Item } from "../item/item";
import { forward, print } from "../item_menu/item_actions";
import { SelectionBar } from "../item_menu/selection_bar";
import { provideDesk } from "../item_menu/timeline_desk";
import { TAKE_BACK } from "../undo/undo_service";
import { dropWithdrawn, FILTERS, isDiscussion, layOut, mergeEntries } from "./entries";

const PAGE = 30;
const SKELETON_DELAY = 150;
const NEAR_END = 60; // px from the bottom that still count as "reading the newest"

/** Asks the time line, over `env.bus`, to bring the item with this id into sight. */
export const SHOW_ITEM = "SERVICEDESK:SHOW_ITEM";

// An item's link ("…/tickets/7?item=23"); read at once, the web client soon tidies up the address.
let linkedItem = Number(new URLSearchParams(browser.location.search).get("item"));

/** Everything that was said and done on one ticket, with the answer below. Remounted for another ticket. */
export class Timeline extends Component {
    static template = "servicedesk.Timeline";
    static components = { EventLine, Item, SelectionBar };
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
            channels: null, // what the server says about the ways to answer
            discussing: null, // {id, write}: the item whose discussion is to be opened
            selected: null, // ids of the ticked items while one chooses
            answer: null, // {kind, replyToId, replyAll} while the composer is open
        });
        this.stayAtEnd = true;
        this.desk = provideDesk(this);
        this.undo = useService("servicedesk.undo");
        useBus(this.env.bus, TAKE_BACK, ({ detail }) => this.onTakeBack(detail));
        this.refreshSoon = useDebounced(() => this.refresh(), 250);

        useTicketEnv(() => this.props.ticketId);
        useBus(this.env.bus, SHOW_ITEM, ({ detail }) => this.showItem(detail));
        this.listen();
        onMounted(() => this.load());
        onPatched(() => this.stayAtEnd && this.scrollToEnd());
        useExternalListener(window, "keydown", (ev) => this.onKey(ev));
        useHotkey("alt+arrowup", () => this.focusNeighbour(-1), { allowRepeat: true });
        useHotkey("alt+arrowdown", () => this.focusNeighbour(1), { allowRepeat: true });
        // Pictures and fonts that arrive late must not push the newest words out of sight.
        useEffect(
            (el) => {
                if (!el) {
                    return;
                }
                const observer = new ResizeObserver(() => this.stayAtEnd && this.scrollToEnd());
                observer.observe(el);
                observer.observe(el.firstElementChild);
                return () => observer.disconnect();
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

    fetch(cursor = null, limit = PAGE) {
        return this.orm.silent.call("servicedesk.timeline", "get_page", [this.props.ticketId], { cursor, limit });
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
            this.showItem(linkedItem);
        } catch (error) {
            this.state.status = "error";
            this.state.error = error.data?.message || error.message || "";
            return;
        } finally {
            browser.clearTimeout(slow);
        }
        this.markRead();
    }

    async showItem(id) {
        const key = `servicedesk.item-${id}`;
        if (!id) {
            return;
        }
        linkedItem = 0;
        this.state.filter = "all";
        while (this.state.cursor && !this.state.entries.some((entry) => entry.key === key)) {
            await this.loadOlder();
        }
        this.stayAtEnd = false;
        const shown = this.state.entries.find((entry) => entry.key === key);
        if (shown && isDiscussion(shown)) {
            this.state.discussing = { id: shown.parent_id, write: false };
        }
        await new Promise((resolve) => browser.setTimeout(resolve));
        const card = this.cards.find((el) => `servicedesk.item-${el.dataset.itemId}` === key);
        card?.scrollIntoView({ block: "center" });
        card?.focus();
    }

    show(page) {
        const known = page.unsettled ? dropWithdrawn(this.state.entries, page) : this.state.entries;
        this.state.entries = mergeEntries(known, [...page.entries, ...(page.unsettled || [])]);
        this.undo.offer(this.props.ticketId, page.entries);
        this.state.counts = page.counts || this.state.counts;
        this.state.channels = page.channels || this.state.channels;
    }

    /** Fetch the newest page again; whoever reads older entries keeps the place and gets a hint instead. */
    async refresh() {
        const known = new Set(this.state.entries.map((entry) => entry.key));
        let page;
        try {
            page = await this.fetch();
        } catch {
            return; // what is on the screen stays readable, the next change tries again
        }
        const arrived = page.entries.filter((entry) => !known.has(entry.key));
        if (arrived.length === page.entries.length && known.size && page.cursor) {
            this.state.entries = []; // more than a page has come in: start from the newest again
            this.state.cursor = page.cursor;
        }
        this.show(page);
        if (!this.stayAtEnd) {
            const isOwn = (entry) => isDiscussion(entry) && entry.author.user_id === user.userId;
            this.state.news += arrived.filter((entry) => entry.type === "item" && !isOwn(entry)).length;
        }
    }

    async loadOlder() {
        if (this.state.loadingOlder || !this.state.cursor) {
            return;
        }
        this.state.loadingOlder = true;
        const { el } = this.scroller;
        const fromEnd = el.scrollHeight - el.scrollTop;
        try {
            const page = await this.fetch(this.state.cursor);
            this.stayAtEnd = false;
            this.show(page);
            this.state.cursor = page.cursor;
            await new Promise((resolve) => browser.requestAnimationFrame(resolve));
            el.scrollTop = el.scrollHeight - fromEnd;
        } catch (error) {
            this.notification.add(error.data?.message || _t("Older entries could not be loaded."), { type: "warning" });
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
        return layOut(this.state.entries, this.state.filter);
    }

    get filters() {
        const { counts, entries } = this.state;
        const shown = (name) => entries.filter(FILTERS[name]).length;
        return [
            { id: "all", label: _t("All"), icon: "", count: (counts.email || 0) + (counts.note || 0) },
            { id: "email", label: _t("E-mails"), icon: "fa-envelope-o", count: counts.email || 0 },
            { id: "note", label: _t("Notes"), icon: "fa-lock", count: counts.note || 0 },
            { id: "important", label: _t("Important"), icon: "fa-star-o", count: shown("important") },
            { id: "event", label: _t("Events"), icon: "fa-history", count: 0 },
        ];
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

    setFilter(id) {
        this.state.filter = this.state.filter === id ? "all" : id;
        this.stayAtEnd = true;
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

    scrollToEnd() {
        const { el } = this.scroller;
        if (el) {
            el.scrollTop = el.scrollHeight;
        }
    }

    showNews() {
        this.state.news = 0;
        this.stayAtEnd = true;
        this.scrollToEnd();
    }

    // ---------------------------------------------------------------- answering

    get canAnswer() {
        return !this.props.readonly;
    }

    /** What was being written when this screen was left is there again, in sight, but takes no focus. */
    openDraft(drafts = []) {
        const { servicedesk_compose: wanted } = this.props.record?.context || {};
        if (composers.contains(wanted || "") && !this.state.answer) {
            return this.answer(wanted); // whoever opened the ticket wants to write this
        }
        const [kind] = drafts.filter((draft) => composers.contains(draft));
        if (kind && !this.state.answer && !this.ui.isSmall) {
            this.state.answer = { kind, autofocus: false };
        }
        this.state.drafts = drafts;
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
        this.state.answer = null;
        if (sent) {
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

    onKey(ev) {
        const { target } = ev;
        const busy = this.ui.activeElement !== document || document.querySelector(".o-dropdown--menu, .modal");
        if (busy || ev.defaultPrevented || ev.altKey || ev.ctrlKey || ev.metaKey) {
            return;
        }
        if (target.isContentEditable || target.closest?.("input, textarea, select, [contenteditable=true]")) {
            return;
        }
        // The typed character counts, not the key's place: QWERTZ and others have letters elsewhere.
        const composer = availableComposers(this.state.channels || {}).find(({ hotkey }) => hotkey === ev.key);
        const action =
            {
                a: () => this.answer("email", this.lastIncomingId, true),
                f: () => this.forwardLast(),
                p: () => this.print(),
            }[ev.key] ||
            (composer && (() => this.answer(composer.kind)));
        if (action && this.canAnswer && this.state.status === "ready") {
            ev.preventDefault();
            action();
        }
    }

    forwardLast() {
        const item = this.state.entries.find(({ id, type }) => type === "item" && id === this.lastIncomingId);
        item && forward(item, this.desk);
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
        next?.focus();
        next?.scrollIntoView({ block: "nearest" });
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
