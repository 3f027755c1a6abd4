import { useBus, useService } from "@web/core/utils/hooks";
import "../composer/mail_composer/composer";
import { availableComposers, composerOf, composers } from "../composer/composer_tabs/composer_tabs";
import { TAKE_BACK } from "../shell/undo/undo_service";

/** Opens and closes what is being written below the feed of a time line. */
class Answering {
    constructor(timeline, { orm, ui }) {
        Object.assign(this, { timeline, orm, ui });
    }

    get state() {
        return this.timeline.state;
    }

    /** What was being written when this screen was left is there again, in sight, but takes no focus. */
    openDraft(drafts = []) {
        const { state } = this;
        state.drafts = drafts.filter((draft) => composers.contains(draft));
        const { servicedesk_compose: wanted } = this.timeline.props.record?.context || {};
        if (composers.contains(wanted || "") && !state.answer) {
            return this.open(wanted); // whoever opened the ticket wants to write this
        }
        const [kind] = state.drafts;
        if (kind && !state.answer && !this.ui.isSmall) {
            state.answer = { kind, autofocus: false };
        }
    }

    /** On a phone the composer hides what is said: a stored draft waits behind one button. */
    get waitingDraft() {
        const [kind] = this.ui.isSmall ? this.state.drafts || [] : [];
        return kind && { kind, label: composers.get(kind).label };
    }

    /** What can be written besides a mail and a note, which have their own buttons. */
    get others() {
        return availableComposers(this.context).filter(({ kind }) => !["email", "note"].includes(kind));
    }

    get context() {
        return { ...this.state.channels, drafts: this.state.drafts || [] };
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
            this.state.drafts = [...new Set([...(this.state.drafts || []), kind])]; // its tab stands as long as it
        }
        this.state.answer = { kind, replyToId, replyAll, autofocus: true };
    }

    /** Answer one item the way it came. */
    reply({ id, kind }, replyAll) {
        this.open(kind === "sms" ? "sms" : "email", id, replyAll);
    }

    /** Put an address or a number into the recipients and open what is being written there. */
    writeTo(kind, value) {
        return this.timeline.desk.prepare(kind, () =>
            this.orm.call("servicedesk.item", "add_recipient", [this.timeline.props.ticketId, kind, value]),
        );
    }

    /** A failed mail has gone back to being a draft: it leaves the time line and opens in the composer. */
    editDraft(item) {
        this.state.entries = this.state.entries.filter((entry) => entry.key !== item.key);
        this.open(composerOf(item));
    }

    async close({ sent = false, discarded = false } = {}) {
        const { state, timeline } = this;
        if (!state.answer) {
            return; // closed already, while a slow server was waited for
        }
        const { kind } = state.answer;
        state.answer = null;
        timeline.presence.stopWriting();
        if (sent || discarded) {
            state.drafts = (state.drafts || []).filter((draft) => draft !== kind);
        }
        if (sent) {
            timeline.place.goToEnd();
            state.filter = "all";
            await timeline.reload();
            timeline.desk.offerWaiting(kind === "forward");
        }
        timeline.navigation.focusLast();
    }

    /** A mail of this ticket is wanted back from the bar with its countdown. */
    onTakeBack(request) {
        const { timeline } = this;
        if (request.ticketId === timeline.props.ticketId && timeline.canAnswer && !request.handled) {
            timeline.pages.outdate();
            request.handled = timeline.desk.prepare(request.kind, request.run).then(() => timeline.reload());
        }
    }
}

export function useAnswering(timeline) {
    const answering = new Answering(timeline, { orm: useService("orm"), ui: useService("ui") });
    useBus(timeline.env.bus, TAKE_BACK, ({ detail }) => answering.onTakeBack(detail));
    return answering;
}
