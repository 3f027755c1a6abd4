import { status, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { serializeDateTime } from "@web/core/l10n/dates";
import { Meanwhile } from "../mail_composer/meanwhile";
import { ComposerTabs } from "../composer_tabs/composer_tabs";
import { SendLater } from "../send_later/send_later";
import { SavingComposer } from "./saving_composer";

const OPEN_MENUS = [
    ".o-overlay-item .popover",
    ".o-we-powerbox",
    ".o-autocomplete--dropdown-menu",
    ".o_datetime_picker",
].join();

/**
 * Whatever is written on a ticket, with its tabs, its tools and the button that sends it.
 *
 * A composer gives `makeDraft` (a `StoredDraft`), `label`, `sendLabel` and `sendIcon`, and names its templates:
 * `content` (between tabs and tools) and `tools` (its own buttons). `leaves`: it goes to somebody outside, so it can
 * be sent later, and a colleague's answer meanwhile is asked about.
 */
export class BaseComposer extends SavingComposer {
    static template = "servicedesk.BaseComposer";
    static components = { ComposerTabs, SendLater };
    static content = "";
    static tools = "";
    static announces = false; // what others have said meanwhile
    static shareable = false;

    setup() {
        super.setup();
        this.state.missing = []; // names of the variables of templates that have no value yet
        this.meanwhile = useState(new Meanwhile(this.orm, this.props));
        this.meanwhile.open(this.props.entries);
    }

    get leaves() {
        return false;
    }

    get sendClass() {
        return `o_sd_send_${this.props.kind}`;
    }

    get news() {
        return this.constructor.announces && this.meanwhile.news(this.props.entries);
    }

    showNews(id) {
        this.env.servicedeskDesk?.show(id);
    }

    /** Hook: what is in the way of sending, in words, or nothing. */
    get obstacle() {
        return "";
    }

    get missingLabel() {
        return _t("Fill in or delete what has no value yet: %s", this.state.missing.join(", "));
    }

    /** Hook: return the names of the variables in the text that have no value yet. */
    findMissing() {
        return [];
    }

    noteMissing() {
        this.state.missing = this.findMissing();
    }

    /** Hook: select the first of them. */
    showMissing() {}

    /** Send it, or let it leave `at` a chosen time (luxon.DateTime). */
    async send({ at } = {}) {
        if (this.state.sending) {
            return;
        }
        document.activeElement?.blur?.(); // what stands in a field counts
        await Promise.resolve();
        this.state.error = this.obstacle;
        if (this.state.error) {
            return;
        }
        this.noteMissing();
        if (this.state.missing.length) {
            return this.showMissing();
        }
        this.state.sending = true;
        try {
            if (await this.save({ force: true })) {
                if (this.leaves && (await this.meanwhile.findAnswer())) {
                    this.postponed = at;
                    return;
                }
                const [method, args] = at ? ["action_schedule", [serializeDateTime(at)]] : ["action_send", []];
                // Without the guard of `useService`: who has gone on meanwhile hears of a failure all the same.
                await this.env.services.orm.call("servicedesk.item", method, [[this.draft.id], ...args]);
                this.gone = true;
                status(this) !== "destroyed" && this.props.close({ sent: true });
            }
        } catch (error) {
            this.state.error = this.explain(error);
            if (status(this) === "destroyed") {
                this.notification.add(_t("The message has not been sent, it is a draft still: %s", this.state.error), {
                    type: "danger",
                    sticky: true,
                });
            }
        } finally {
            this.state.sending = false;
        }
    }

    /** Beside the answer of a colleague, at the time that was chosen before that answer was shown. */
    sendAnyway() {
        this.meanwhile.accept();
        return this.send({ at: this.postponed });
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            ev.stopPropagation();
            this.send();
        } else if (ev.key === "Escape" && !ev.defaultPrevented && !document.querySelector(OPEN_MENUS)) {
            ev.preventDefault();
            ev.stopPropagation();
            this.closeKeeping();
        }
    }
}
