import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    status,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { useBus, useService } from "@web/core/utils/hooks";
import { clock } from "../../common/dates";
import { composerProps } from "../composer_tabs/composer_tabs";

/** Open composers put the promise of their save into the list that comes along. */
export const SAVE_DRAFT = "SERVICEDESK:SAVE_DRAFT";

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
export class SavingComposer extends Component {
    static props = composerProps;

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.state = useState({ status: "loading", draft: null, error: "", savedAt: "", conflict: false });

        onWillStart(() => this.open());
        onMounted(() => this.root.el?.scrollIntoView({ block: "nearest" }));
        onWillUnmount(() => this.leave());
        useBus(this.env.bus, SAVE_DRAFT, ({ detail }) => detail.push(this.save()));
        useExternalListener(window, "pagehide", () => this.saveUrgently());
    }

    async open() {
        const { ticketId, kind } = this.props;
        try {
            const values = await this.prepareDraft();
            // Saving goes on after this component is gone, hence without the guard of `useService`.
            const { orm } = this.env.services;
            const store = (changes) => orm.silent.call("servicedesk.item", "save_draft", [ticketId, kind, changes]);
            this.state.draft = this.makeDraft(values, store);
            this.onOpened();
            this.state.error = "";
            this.state.status = "ready";
        } catch (error) {
            this.state.status = "error";
            this.state.error = this.explain(error);
        }
    }

    prepareDraft() {
        const { ticketId, kind, replyToId = false, replyAll = false } = this.props;
        return this.orm.call("servicedesk.item", "prepare_draft", [ticketId, kind], {
            reply_to_id: replyToId,
            reply_all: replyAll,
        });
    }

    /** Hook: return the `StoredDraft` of what the server gave. */
    makeDraft(values, store) {} // eslint-disable-line no-unused-vars

    /** Hook: the draft is here, nothing is shown yet. */
    onOpened() {}

    get draft() {
        return this.state.draft;
    }

    explain(error) {
        return error.data?.message || error.message || _t("The server did not answer.");
    }

    get savedLabel() {
        return this.state.savedAt ? _t("Draft saved %s", this.state.savedAt) : "";
    }

    /** Hook: bring into the draft what the screen alone knows. */
    readScreen() {}

    /** Hook: what has to be stored before the draft can be. */
    async prepareSaving() {}

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
            await this.prepareSaving();
            this.readScreen();
            const { isDirty } = this.draft;
            if (isDirty || force) {
                await this.draft.save({ force });
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
            this.draft.know(await this.prepareDraft());
            this.state.error = "";
            this.draft.saved = null;
            await this.save();
        } catch (error) {
            this.state.error = this.explain(error);
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
            this.draft.isDirty && this.saveBehind(this.draft);
        }
    }

    /** Whether something may still be stored: not what has left, nor what is just leaving. */
    get isOpen() {
        return this.state.status === "ready" && !this.gone && !this.state.sending;
    }

    /** Store a draft that is no longer on the screen; where that fails it is offered again, until it is stored. */
    async saveBehind(draft, prepare = () => {}) {
        try {
            await prepare();
            await draft.save();
        } catch (error) {
            const { orm } = this.env.services;
            const { kind, ticketId } = this.props;
            const readAnew = async () =>
                draft.know(await orm.call("servicedesk.item", "prepare_draft", [ticketId, kind]));
            const hide = this.notification.add(_t("The draft could not be saved: %s", this.explain(error)), {
                type: "danger",
                sticky: true,
                buttons: [
                    {
                        name: isConflict(error) ? _t("Keep what I wrote") : _t("Save again"),
                        onClick: () => {
                            hide();
                            return this.saveBehind(draft, isConflict(error) ? readAnew : undefined);
                        },
                    },
                ],
            });
        }
    }

    /** The page is closing: an ordinary call would be cut off. */
    saveUrgently() {
        if (!this.isOpen) {
            return;
        }
        this.readScreen();
        if (this.draft.isDirty) {
            const params = { model: "servicedesk.item", method: "save_draft", kwargs: {} };
            params.args = [this.props.ticketId, this.props.kind, this.draft.message];
            const call = new Blob([JSON.stringify({ jsonrpc: "2.0", method: "call", params })], {
                type: "application/json",
            });
            browser.navigator.sendBeacon("/web/dataset/call_kw/servicedesk.item/save_draft", call);
        }
    }

    get shareLabel() {
        return this.draft.shared
            ? _t("Shared with the department. Hide it again")
            : _t("Share the draft with the department");
    }

    /** Let colleagues see the draft and take it over, or hide it again. */
    async toggleShared() {
        if (await this.save({ force: true })) {
            try {
                await this.orm.call("servicedesk.item", "share_draft", [[this.draft.id], !this.draft.shared]);
                this.draft.shared = !this.draft.shared;
            } catch (error) {
                this.state.error = this.explain(error);
            }
        }
    }

    async discard() {
        browser.clearTimeout(this.timer);
        this.readScreen();
        const { values, attachments } = this.draft;
        const { kind, switchTo, ticketId } = this.props;
        const { orm } = this.env.services;
        this.gone = true;
        try {
            await this.draft.queue.catch(() => {});
            if (this.draft.id) {
                await this.orm.call("servicedesk.item", "discard_draft", [[this.draft.id]]);
            }
        } catch (error) {
            this.gone = false;
            this.state.error = this.explain(error);
            return;
        }
        status(this) !== "destroyed" && this.props.close({ discarded: true });
        const hide = this.notification.add(
            attachments.length ? _t("Draft discarded, with its files.") : _t("Draft discarded."),
            {
                type: "info",
                buttons: [
                    {
                        name: _t("Take back"),
                        onClick: async () => {
                            hide();
                            await orm.call("servicedesk.item", "save_draft", [ticketId, kind, values]);
                            switchTo(kind);
                        },
                    },
                ],
            },
        );
    }

    async closeKeeping() {
        if ((await this.save()) && status(this) !== "destroyed") {
            this.props.close({});
        }
    }

    async switchKind(kind) {
        if (kind !== this.props.kind && (await this.save()) && status(this) !== "destroyed") {
            this.props.switchTo(kind);
        }
    }
}
