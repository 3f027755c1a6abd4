import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { serializeDateTime } from "@web/core/l10n/dates";
import { Meanwhile } from "./meanwhile";

/** The way out of an open draft: what stands in it, what others have said meanwhile, now or at a chosen time. */
export class Sending {
    /** @param {OpenDraft} draft */
    constructor(draft) {
        this.draft = draft;
        this.state = useState({ missing: [] }); // names of the variables of templates that have no value yet
        this.meanwhile = useState(new Meanwhile(draft.orm, draft.props));
        this.meanwhile.open(draft.props.entries);
    }

    get channel() {
        return this.draft.channel;
    }

    get news() {
        return this.channel.announces && this.meanwhile.news(this.draft.props.entries);
    }

    get missingLabel() {
        return _t("Fill in or delete what has no value yet: %s", this.state.missing.join(", "));
    }

    noteMissing() {
        this.state.missing = this.channel.findMissing?.() || [];
    }

    /** Select the first of them. */
    showMissing() {
        this.channel.showMissing?.(this.state.missing);
    }

    /** Send it, or let it leave `at` a chosen time (luxon.DateTime). */
    async send({ at } = {}) {
        const { state } = this.draft;
        if (state.sending) {
            return;
        }
        document.activeElement?.blur?.(); // what stands in a field counts
        await Promise.resolve();
        state.error = this.channel.obstacle?.() || "";
        if (state.error) {
            return;
        }
        this.noteMissing();
        if (this.state.missing.length) {
            return this.showMissing();
        }
        state.sending = true;
        try {
            await this.hand(at);
        } catch (error) {
            this.fail(error);
        } finally {
            state.sending = false;
        }
    }

    /** Store the draft and hand it over, unless a colleague has answered meanwhile. */
    async hand(at) {
        const { draft } = this;
        if (!(await draft.save({ force: true }))) {
            return;
        }
        if (this.channel.leaves && (await this.meanwhile.findAnswer())) {
            this.postponed = at;
            return;
        }
        const [method, args] = at ? ["action_schedule", [serializeDateTime(at)]] : ["action_send", []];
        // Who has gone on meanwhile hears of a failure all the same.
        await draft.lastingOrm.call("servicedesk.item", method, [[draft.stored.id], ...args]);
        draft.hasLeft = true;
        draft.close({ sent: true });
    }

    fail(error) {
        const { draft } = this;
        draft.fail(error);
        if (draft.isGone) {
            draft.notification.add(_t("The message was not sent and stays a draft: %s", draft.explain(error)), {
                type: "danger",
                sticky: true,
            });
        }
    }

    /** Beside the answer of a colleague, at the time that was chosen before that answer was shown. */
    sendAnyway() {
        this.meanwhile.accept();
        return this.send({ at: this.postponed });
    }
}
