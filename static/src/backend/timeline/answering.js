import { useEnv, useState } from "@odoo/owl";
import { useBus, useService } from "@web/core/utils/hooks";
import "../composer/mail_composer/composer";
import { availableComposers, composerOf, composers } from "../composer/composer_tabs/composer_tabs";
import { SAVE_DRAFT } from "../composer/composer_frame/use_draft";
import { TAKE_BACK } from "../shell/undo/undo_service";

/** Opens and closes what is being written below the feed of a time line. */
class Answering {
    constructor(parts, services) {
        Object.assign(this, parts, services);
        this.state = useState({
            answer: null, // {kind, replyToId, replyAll, autofocus} while a composer is open
            drafts: [], // kinds of which the user has a draft
            channels: null, // what the server says about the ways to answer
        });
    }

    /** What was being written when this screen was left is there again, in sight, but takes no focus. */
    openDraft(drafts = []) {
        const { state } = this;
        state.drafts = drafts.filter((draft) => composers.contains(draft));
        const wanted = this.getWanted() || "";
        if (composers.contains(wanted) && !state.answer) {
            return this.open(wanted); // whoever opened the ticket wants to write this
        }
        const [kind] = state.drafts;
        if (kind && !state.answer && !this.ui.isSmall) {
            state.answer = { kind, autofocus: false };
        }
    }

    /** On a phone the composer hides what is said: a stored draft waits behind one button. */
    get waitingDraft() {
        const [kind] = this.ui.isSmall ? this.state.drafts : [];
        return kind && { kind, label: composers.get(kind).label };
    }

    /** What can be written besides a mail and a note, which have their own buttons. */
    get others() {
        return availableComposers(this.context).filter(({ kind }) => !["email", "note"].includes(kind));
    }

    get context() {
        return { ...this.state.channels, drafts: this.state.drafts };
    }

    get composer() {
        return composers.get(this.state.answer.kind).component;
    }

    get key() {
        const { kind, replyToId, replyAll } = this.state.answer;
        return [kind, replyToId, replyAll].join("-");
    }

    open(kind, replyToId = false, replyAll = false) {
        if (kind === "forward") {
            this.state.drafts = [...new Set([...this.state.drafts, kind])]; // its tab stands as long as it
        }
        this.state.answer = { kind, replyToId, replyAll, autofocus: true };
    }

    /** Answer one item the way it came. */
    reply({ id, kind }, replyAll) {
        this.open(composers.get(kind, {}).answers ? kind : "email", id, replyAll);
    }

    /** Put an address or a number into the recipients and open what is being written there. */
    writeTo(kind, value) {
        return this.prepare(kind, () =>
            this.orm.call("servicedesk.item", "add_recipient", [this.ticketId, kind, value]),
        );
    }

    /** Let the server make a draft, then open it; what stands in an open composer is stored before. */
    async prepare(kind, make) {
        const { state } = this;
        const pending = [];
        this.bus.trigger(SAVE_DRAFT, pending);
        if ((await Promise.all(pending)).includes(false)) {
            return; // the composer says why, and keeps what was typed
        }
        const before = state.answer;
        state.answer = null;
        try {
            await make();
        } catch (error) {
            state.answer = before;
            this.notification.add(error.data?.message || error.message, { type: "warning" });
            return;
        }
        this.open(kind);
    }

    /** A failed mail has gone back to being a draft: it leaves the time line and opens in the composer. */
    editDraft(item) {
        this.pages.drop(item.key);
        this.open(composerOf(item));
    }

    async close({ sent = false, discarded = false } = {}) {
        const { state } = this;
        if (!state.answer) {
            return; // closed already, while a slow server was waited for
        }
        const { kind } = state.answer;
        state.answer = null;
        if (sent || discarded) {
            state.drafts = state.drafts.filter((draft) => draft !== kind);
        }
        await this.onClosed({ kind, sent });
    }

    /** A mail of this ticket is wanted back from the bar with its countdown. */
    onTakeBack(request) {
        if (request.ticketId === this.ticketId && this.canAnswer() && !request.handled) {
            this.pages.outdate();
            request.handled = this.prepare(request.kind, request.run).then(() => this.reload());
        }
    }
}

/**
 * What is being written on a ticket: which composer is open, and on what.
 *
 * @param {Object} parts
 * @param {number} parts.ticketId
 * @param {Pages} parts.pages
 * @param {() => boolean} parts.canAnswer
 * @param {() => string | undefined} parts.getWanted the kind that whoever opened the ticket wants to write
 * @param {({kind, sent}) => Promise<void>} parts.onClosed a composer has been closed, its message sent or not
 * @param {() => Promise<void>} parts.reload brings entries and fields up to date
 */
export function useAnswering(parts) {
    const { bus } = useEnv();
    const services = { bus, orm: useService("orm"), ui: useService("ui"), notification: useService("notification") };
    const answering = new Answering(parts, services);
    useBus(bus, TAKE_BACK, ({ detail }) => answering.onTakeBack(detail));
    return answering;
}
