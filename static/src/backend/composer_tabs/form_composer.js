import { Component, onMounted, onWillStart, onWillUnmount, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { localization } from "@web/core/l10n/localization";
import { useService } from "@web/core/utils/hooks";
import { clock } from "../common/dates";
import { composerProps, ComposerTabs } from "./composer_tabs";

const { DateTime } = luxon;
const SAVE_DELAY = 1000;

/**
 * What is filled in rather than written in the editor: an SMS, a call, a meeting. Saved a second after typing
 * stops, when it is closed and when the page goes away, one save at a time; an error takes nothing from the screen.
 *
 * A form names its `fields` (what is saved), `content` (template between tabs and tools), `sendLabel`, `sendIcon`.
 */
export class FormComposer extends Component {
    static template = "servicedesk.FormComposer";
    static components = { ComposerTabs };
    static props = composerProps;
    static content = "";
    static fields = [];

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.firstInput = useRef("first");
        this.state = useState({ status: "loading", values: {}, error: "", savedAt: "", sending: false });
        this.queue = Promise.resolve();

        onWillStart(() => this.open());
        onMounted(() => {
            this.root.el?.scrollIntoView({ block: "nearest" });
            if (this.props.autofocus !== false) {
                this.firstInput.el?.focus();
            }
        });
        onWillUnmount(() => this.leave());
        useExternalListener(window, "pagehide", () => this.saveUrgently());
    }

    async open() {
        const { ticketId, kind, replyToId = false } = this.props;
        try {
            const values = await this.orm.call("servicedesk.item", "prepare_draft", [ticketId, kind], {
                reply_to_id: replyToId,
            });
            this.id = values.id || false;
            this.state.values = this.onOpened(values) || values;
            this.saved = this.id ? JSON.stringify(this.stored) : "";
            this.untouched = JSON.stringify(this.stored);
            this.state.status = "ready";
        } catch (error) {
            this.state.status = "error";
            this.state.error = this.explain(error);
        }
    }

    /** Hook: bring what the server gave into the shape of the screen. */
    onOpened(values) {
        return values;
    }

    explain(error) {
        return error.data?.message || error.message || _t("The server did not answer.");
    }

    get values() {
        return this.state.values;
    }

    /** What is saved, as `save_draft` takes it. */
    get stored() {
        return Object.fromEntries(this.constructor.fields.map((name) => [name, this.values[name]]));
    }

    get isDirty() {
        const stored = JSON.stringify(this.stored);
        return stored !== this.saved && stored !== this.untouched;
    }

    get sendClass() {
        return `o_sd_send_${this.props.kind}`;
    }

    /** Dates and times to the minute, as the reader's language settings have them. */
    get timeFormat() {
        return localization.dateTimeFormat.replace(/[:.]ss/, "");
    }

    get savedLabel() {
        return this.state.savedAt ? _t("Draft saved %s", this.state.savedAt) : "";
    }

    update(values) {
        Object.assign(this.values, values);
        this.untouched = "";
        this.state.error = "";
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.save(), SAVE_DELAY);
    }

    // ------------------------------------------------------------------ saving

    store({ force = false } = {}) {
        const { ticketId, kind } = this.props;
        // Saving goes on after this component is gone, hence without the guard of `useService`.
        const { orm } = this.env.services;
        const run = async () => {
            if (this.isDirty || (force && !this.id)) {
                const { stored } = this;
                this.id = await orm.silent.call("servicedesk.item", "save_draft", [ticketId, kind, stored]);
                this.saved = JSON.stringify(stored);
                return true;
            }
        };
        this.queue = this.queue.then(run, run);
        return this.queue;
    }

    async save(options) {
        browser.clearTimeout(this.timer);
        try {
            if (await this.store(options)) {
                this.state.savedAt = clock(DateTime.local());
            }
            return true;
        } catch (error) {
            this.state.error = _t("The draft could not be saved: %s", this.explain(error));
            return false;
        }
    }

    /** Last words of a component that goes away: nobody waits for the answer. */
    leave() {
        browser.clearTimeout(this.timer);
        if (this.state.status === "ready" && !this.gone) {
            this.store().catch(() => {});
        }
    }

    /** The page is closing: an ordinary call would be cut off. */
    saveUrgently() {
        if (this.state.status === "ready" && !this.gone && this.isDirty) {
            const params = { model: "servicedesk.item", method: "save_draft", kwargs: {} };
            params.args = [this.props.ticketId, this.props.kind, this.stored];
            const call = new Blob([JSON.stringify({ jsonrpc: "2.0", method: "call", params })], {
                type: "application/json",
            });
            browser.navigator.sendBeacon("/web/dataset/call_kw/servicedesk.item/save_draft", call);
        }
    }

    // ----------------------------------------------------------------- the end

    /** Hook: what is missing before it can leave, in words, or nothing. */
    get missing() {
        return "";
    }

    async send() {
        if (this.state.sending) {
            return;
        }
        document.activeElement?.blur?.(); // what stands in a field counts
        await Promise.resolve();
        this.state.error = this.missing || "";
        if (this.state.error) {
            return;
        }
        this.state.sending = true;
        try {
            if (await this.save({ force: true })) {
                await this.orm.call("servicedesk.item", "action_send", [[this.id]]);
                this.gone = true;
                this.props.close({ sent: true });
            }
        } catch (error) {
            this.state.error = this.explain(error);
        } finally {
            this.state.sending = false;
        }
    }

    async discard() {
        browser.clearTimeout(this.timer);
        const { stored } = this;
        const { kind, switchTo, ticketId } = this.props;
        const { orm } = this.env.services;
        this.gone = true;
        try {
            await this.queue.catch(() => {});
            if (this.id) {
                await this.orm.call("servicedesk.item", "discard_draft", [[this.id]]);
            }
        } catch (error) {
            this.gone = false;
            this.state.error = this.explain(error);
            return;
        }
        this.props.close({});
        const hide = this.notification.add(_t("Draft discarded."), {
            type: "info",
            buttons: [
                {
                    name: _t("Take back"),
                    onClick: async () => {
                        hide();
                        await orm.call("servicedesk.item", "save_draft", [ticketId, kind, stored]);
                        switchTo(kind);
                    },
                },
            ],
        });
    }

    async closeKeeping() {
        if (await this.save()) {
            this.props.close({});
        }
    }

    async switchKind(kind) {
        if (kind !== this.props.kind && (await this.save())) {
            this.props.switchTo(kind);
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            ev.stopPropagation();
            this.send();
        } else if (
            ev.key === "Escape" &&
            !ev.defaultPrevented &&
            !document.querySelector(".o-overlay-item .popover, .o-autocomplete--dropdown-menu, .o_datetime_picker")
        ) {
            ev.preventDefault();
            ev.stopPropagation();
            this.closeKeeping();
        }
    }
}
