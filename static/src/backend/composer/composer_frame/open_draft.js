import { status, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { useChildRef } from "@web/core/utils/hooks";
import { clock } from "../../common/dates";

const { DateTime } = luxon;
const SAVE_DELAY = 1000;

/** Whether the server refused to write over what another window has stored. */
function isConflict(error) {
    return Boolean(error.data?.name?.endsWith(".DraftConflict"));
}

/**
 * A draft that is opened, saved and left. What is typed is saved a second after typing stops, when the composer
 * closes, when the ticket is left and when the page goes away; an error never takes it from the screen.
 */
export class OpenDraft {
    /**
     * @param {Component} component the composer, with `composerProps`
     * @param {Object} channel see `useDraft`
     * @param {Object} services `orm` and `notification`
     */
    constructor(component, channel, services) {
        Object.assign(this, { component, channel, ...services });
        this.root = useChildRef(); // of the frame
        this.state = useState({
            status: "loading", // loading, ready, error
            stored: null, // the `StoredDraft`
            error: "",
            savedAt: "",
            conflict: false,
            sending: false,
        });
    }

    get props() {
        return this.component.props;
    }

    get kind() {
        return this.props.kind;
    }

    get stored() {
        return this.state.stored;
    }

    /** What the screen shows and changes. */
    get form() {
        const { stored } = this;
        return stored?.form || stored || {};
    }

    /** For what goes on after the component is gone, hence without the guard of `useService`. */
    get lastingOrm() {
        return this.component.env.services.orm;
    }

    get isGone() {
        return status(this.component) === "destroyed";
    }

    async open() {
        const { ticketId, kind } = this.props;
        try {
            const values = await this.prepare();
            const orm = this.lastingOrm;
            const store = (changes) => orm.silent.call("servicedesk.item", "save_draft", [ticketId, kind, changes]);
            this.state.stored = this.channel.makeDraft(values, store);
            this.channel.onOpened?.();
            this.state.error = "";
            this.state.status = "ready";
        } catch (error) {
            this.state.status = "error";
            this.fail(error);
        }
    }

    prepare() {
        const { ticketId, kind, replyToId = false, replyAll = false } = this.props;
        return this.orm.call("servicedesk.item", "prepare_draft", [ticketId, kind], {
            reply_to_id: replyToId,
            reply_all: replyAll,
        });
    }

    explain(error) {
        return error.data?.message || error.message || _t("The server did not answer.");
    }

    /** Say on the screen what went wrong. */
    fail(error) {
        this.state.error = this.explain(error);
    }

    get savedLabel() {
        return this.state.savedAt ? _t("Draft saved %s", this.state.savedAt) : "";
    }

    update(values) {
        Object.assign(this.form, values);
        this.saveSoon();
    }

    /** Bring into the draft what the screen alone knows. */
    readScreen() {
        this.channel.readScreen?.();
    }

    saveSoon() {
        this.state.error = "";
        browser.clearTimeout(this.timer);
        // What is typed while it is being sent waits for the outcome: else what has just left would be a draft again.
        this.timer = browser.setTimeout(() => (this.state.sending ? this.saveSoon() : this.save()), SAVE_DELAY);
    }

    /** Return whether everything typed is stored; `force` makes a draft exist even if nothing was. */
    async save({ force = false } = {}) {
        browser.clearTimeout(this.timer);
        if (this.state.status !== "ready") {
            return true;
        }
        try {
            await this.channel.prepareSaving?.();
            this.readScreen();
            const { isDirty } = this.stored;
            if (isDirty || force) {
                await this.stored.save({ force });
            }
            if (isDirty) {
                this.state.savedAt = clock(DateTime.local());
            }
            this.state.conflict = false;
            return true;
        } catch (error) {
            this.state.conflict = isConflict(error);
            this.state.error = this.state.conflict
                ? this.explain(error)
                : _t("The draft could not be saved: %s", this.explain(error));
            return false;
        }
    }

    /** After a conflict: what stands here is the draft, whatever the other window has stored. */
    async keepThis() {
        try {
            this.stored.know(await this.prepare());
            this.state.error = "";
            this.stored.saved = null;
            await this.save();
        } catch (error) {
            this.fail(error);
        }
    }

    /** After a conflict: show what the other window has stored. */
    async takeOther() {
        Object.assign(this.state, { status: "loading", conflict: false, error: "" });
        await this.open();
    }

    /** Last words of a component that goes away: nobody waits for the answer, but a failure is said. */
    leave() {
        browser.clearTimeout(this.timer);
        if (this.isOpen) {
            this.readScreen();
            this.stored.isDirty && this.saveBehind(this.stored);
        }
    }

    /** Whether something may still be stored: not what has left, nor what is just leaving. */
    get isOpen() {
        return this.state.status === "ready" && !this.hasLeft && !this.state.sending;
    }

    /** Store a draft that is no longer on the screen; where that fails it is offered again, until it is stored. */
    async saveBehind(stored, prepare = () => {}) {
        try {
            await prepare();
            await stored.save();
        } catch (error) {
            const { kind, ticketId } = this.props;
            const readAnew = async () =>
                stored.know(await this.lastingOrm.call("servicedesk.item", "prepare_draft", [ticketId, kind]));
            this.offer(
                _t("The draft could not be saved: %s", this.explain(error)),
                isConflict(error) ? _t("Keep my version") : _t("Save again"),
                () => this.saveBehind(stored, isConflict(error) ? readAnew : undefined),
                { type: "danger", sticky: true },
            );
        }
    }

    /** A notice with one button. */
    offer(text, name, run, options) {
        const onClick = () => {
            hide();
            return run();
        };
        const hide = this.notification.add(text, { ...options, buttons: [{ name, onClick }] });
    }

    /** The page is closing: an ordinary call would be cut off. */
    saveUrgently() {
        if (!this.isOpen) {
            return;
        }
        this.readScreen();
        if (this.stored.isDirty) {
            const params = { model: "servicedesk.item", method: "save_draft", kwargs: {} };
            params.args = [this.props.ticketId, this.kind, this.stored.message];
            const call = new Blob([JSON.stringify({ jsonrpc: "2.0", method: "call", params })], {
                type: "application/json",
            });
            browser.navigator.sendBeacon("/web/dataset/call_kw/servicedesk.item/save_draft", call);
        }
    }

    get shareLabel() {
        return this.stored.shared ? _t("Stop sharing") : _t("Share draft");
    }

    /** Let colleagues see the draft and take it over, or hide it again. */
    async toggleShared() {
        if (await this.save({ force: true })) {
            try {
                const { id, shared } = this.stored;
                await this.orm.call("servicedesk.item", "share_draft", [[id], !shared]);
                this.stored.shared = !shared;
            } catch (error) {
                this.fail(error);
            }
        }
    }

    async discard() {
        browser.clearTimeout(this.timer);
        this.readScreen();
        const { values, attachments } = this.stored;
        const { kind, switchTo, ticketId } = this.props;
        const orm = this.lastingOrm;
        this.hasLeft = true;
        try {
            await this.stored.queue.catch(() => {});
            if (this.stored.id) {
                await this.orm.call("servicedesk.item", "discard_draft", [[this.stored.id]]);
            }
        } catch (error) {
            this.hasLeft = false;
            this.fail(error);
            return;
        }
        this.close({ discarded: true });
        const restore = async () => {
            await orm.call("servicedesk.item", "save_draft", [ticketId, kind, values]);
            switchTo(kind);
        };
        const said = attachments.length ? _t("Draft discarded, with its files.") : _t("Draft discarded.");
        this.offer(said, _t("Undo send"), restore, { type: "info" });
    }

    close(how) {
        if (!this.isGone) {
            this.props.close(how);
        }
    }

    async closeKeeping() {
        if (await this.save()) {
            this.close({});
        }
    }

    async switchKind(kind) {
        if (kind !== this.kind && (await this.save()) && !this.isGone) {
            this.props.switchTo(kind);
        }
    }
}
