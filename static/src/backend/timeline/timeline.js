import { Component, onMounted, onWillDestroy, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useAddressActions } from "../common/address_actions/use_address_actions";
import { dayName } from "../common/dates";
import { AppMessage } from "./app_message/app_message";
import { EventLine } from "./event_line/event_line";
import { useTicketEnv } from "../item/gallery/ticket_gallery";
import { Item } from "../item/item";
import { forward, print } from "../item/item_menu/item_actions";
import { SelectionBar } from "../item/item_menu/selection_bar";
import { provideDesk } from "../item/item_menu/timeline_desk";
import { ChangesStrip } from "../ticket/presence/changes_strip";
import { usePresence } from "../ticket/presence/use_presence";
import { useReading } from "./reads/reading";
import { useTicketKeys } from "../ticket/keys";
import { ticketActionsOf, useTicketActions } from "../ticket/ticket_actions";
import { TicketSearch } from "./ticket_search/ticket_search";
import { useAnswering } from "./answering";
import { useFeedPlace } from "./feed_place";
import { useFeedView } from "./feed_view";
import { useNavigation } from "./navigation";
import { usePages } from "./pages";

/** Asks the time line, over `env.bus`, to bring the item with this id into sight. */
export const SHOW_ITEM = "SERVICEDESK:SHOW_ITEM";

// An item's link ("…/tickets/7?item=23"); read at once, the web client soon tidies up the address.
let linkedItem = Number(new URLSearchParams(browser.location.search).get("item"));

/**
 * Everything that was said and done on one ticket, with the answer below. Remounted for another ticket.
 *
 * It puts its parts together, each of which keeps a state of its own and names what it reads of the others: `pages`
 * fetches, `place` scrolls, `view` filters and folds, `navigation` goes from card to card, `answering` opens the
 * composers; `presence`, `reading`, `desk` tell others about it.
 */
export class Timeline extends Component {
    static template = "servicedesk.Timeline";
    static components = { AppMessage, ChangesStrip, EventLine, Item, SelectionBar, TicketSearch };
    static props = {
        ticketId: Number,
        record: { type: Object, optional: true },
        readonly: { type: Boolean, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.bus = useService("bus_service");
        this.undo = useService("servicedesk.undo");
        this.layParts();
        this.refreshSoon = useDebounced(() => this.pages.refresh(), 250);

        useTicketEnv(() => this.props.ticketId);
        useBus(this.env.bus, SHOW_ITEM, ({ detail }) => this.navigation.showItem(detail));
        this.listen();
        onMounted(() => this.load());
        this.joinOthers();
        this.offerActions();
        useTicketKeys(this);
        useAddressActions(() => ({
            ticketId: this.props.ticketId,
            channels: this.answering.state.channels || {},
            canWrite: this.canAnswer,
            write: (kind, value) => this.answering.writeTo(kind, value),
        }));
    }

    layParts() {
        const { ticketId, record } = this.props;
        const actions = ticketActionsOf(record);
        const canAnswer = () => this.canAnswer;
        const reload = () => this.reload();
        const place = useFeedPlace();
        const pages = usePages({
            ticketId,
            place,
            onPage: (page) => this.onPage(page),
            onArrived: (entries) => this.presence.onArrived(entries),
        });
        const view = useFeedView({ pages, place, actions });
        const navigation = useNavigation({ pages, place, view, actions, isSeen: (id) => this.reading.isSeen(id) });
        const answering = useAnswering({
            ticketId,
            pages,
            canAnswer,
            getWanted: () => this.props.record?.context.servicedesk_compose,
            onClosed: (how) => this.onComposerClosed(how),
            reload,
        });
        const parts = { ticketId, canAnswer, place, pages, view, navigation, answering, reload };
        this.desk = provideDesk({ ...parts, reloadRecord: () => this.reloadRecord() });
        Object.assign(this, { actions, place, pages, view, navigation, answering });
    }

    joinOthers() {
        const { ticketId } = this.props;
        this.presence = usePresence({
            ticketId,
            getRecord: () => this.props.record,
            getWriting: () => this.answering.state.answer?.kind,
        });
        this.reading = useReading(
            this.place,
            () => this.pages.state.entries,
            (ids) => this.env.services.orm.silent.call("servicedesk.ticket", "mark_shown", [[ticketId], ids]),
        );
    }

    offerActions() {
        this.refreshButton = useRef("refresh");
        // Odoo disables every button of a form while one of them carries something out.
        this.actions.isPaused = () => Boolean(this.refreshButton.el?.disabled);
        useTicketActions(this.actions, {
            reply_all: () => this.answering.open("email", this.navigation.lastIncomingId, true),
            forward: () => this.forwardCurrent(),
            star: () => this.starCurrent(),
            print: () => this.print(),
        });
    }

    listen() {
        const channel = `servicedesk.ticket_${this.props.ticketId}`;
        const onChanged = ({ id }) => id === this.props.ticketId && this.refreshSoon();
        this.bus.addChannel(channel);
        this.bus.subscribe("servicedesk.ticket/changed", onChanged);
        onWillDestroy(() => {
            this.bus.unsubscribe("servicedesk.ticket/changed", onChanged);
            this.bus.deleteChannel(channel);
        });
        if (this.props.record) {
            // Saving or a button of the form writes events; the bus may be slow or absent.
            useBus(this.props.record.model.bus, "update", () => {
                if (this.pages.isReady && !this.props.record.dirty) {
                    this.refreshSoon();
                }
            });
        }
    }

    get canAnswer() {
        return !this.props.readonly;
    }

    dayName(date) {
        return dayName(date);
    }

    print() {
        print([], this.desk);
    }

    forwardCurrent() {
        const { current } = this.navigation;
        current && forward(current, this.desk);
    }

    starCurrent() {
        const { current } = this.navigation;
        current && this.callItem("action_toggle_important", current.id);
    }

    async callItem(method, id) {
        await this.orm.call("servicedesk.item", method, [[id]]);
        await this.pages.refresh();
    }

    async load() {
        const page = await this.pages.load();
        if (page) {
            this.answering.openDraft(page.drafts);
            linkedItem ? this.navigation.showItem(linkedItem) : this.pages.openAtNews();
            linkedItem = 0;
            await this.markRead();
        }
    }

    /** A mark that a busy server could not set is set at the next visit: no reason to interrupt anybody. */
    async markRead() {
        const marking = this.orm.silent.call("servicedesk.ticket", "mark_read", [[this.props.ticketId]]);
        if (await marking.catch(() => false)) {
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

    /** Bring entries and fields up to date. */
    reload() {
        return Promise.all([this.pages.refresh(), this.reloadRecord()]);
    }

    /** Everybody takes from a page what is theirs. */
    onPage({ entries, asOf, channels, readers }) {
        this.undo.offer(this.props.ticketId, entries, asOf);
        this.answering.state.channels = channels || this.answering.state.channels;
        this.presence.showReaders(readers);
    }

    async onComposerClosed({ kind, sent }) {
        this.presence.stopWriting();
        if (sent) {
            this.place.goToEnd();
            this.view.showAll();
            await this.reload();
            this.desk.offerWaiting(kind === "forward");
        }
        this.navigation.focusLast();
    }

    onScroll() {
        if (this.place.onScroll()) {
            this.pages.loadOlder();
        }
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
