import { Component, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/**
 * What an agent can write on a ticket. The key is the kind of item; an entry is
 * `{label, icon, component, internal?, answers?, hotkey?, available?: (context) => boolean, words?}`: `label` is a
 * translated text, `icon` a Font Awesome class, `answers` whether such an item is answered by one of its kind (others
 * by e-mail, or not at all), `hotkey` the letter that opens it from the time line. `context` is what the
 * server says about the ticket's channels (`kinds`, and what each kind needs to know), and `drafts`, the keys of
 * those in which the user has one. `component` takes `composerProps` and stands in a `ComposerFrame`.
 *
 * `words` is what the other screens say of the kind: `{many, command?, writing?: (name) => string,
 * card?: (direction) => Object}`: on the filter above the feed, in the command palette, of a colleague who is
 * writing, and on a card in place of "Received e-mail" (`{label, icon?}`).
 */
export const composers = registry.category("servicedesk.composers");

export const composerProps = {
    ticketId: Number,
    kind: { validate: (kind) => composers.contains(kind) },
    context: { type: Object, optional: true },
    entries: { type: Array, optional: true }, // of the time line
    replyToId: { type: [Number, Boolean], optional: true },
    replyAll: { type: Boolean, optional: true },
    autofocus: { type: Boolean, optional: true },
    switchTo: Function,
    close: Function, // ({sent: boolean, discarded: boolean})
};

/** The key of what writes on an item; a forward has a draft and a tab of its own beside the answer. */
export function composerOf({ kind, third_party }) {
    return kind === "email" && third_party ? "forward" : kind;
}

/** What the screens say of a kind of item, see `composers`. */
export function wordsOf(kind) {
    return composers.get(kind, {}).words || {};
}

/** Return `[{kind, ...entry}]` of what can be written here, in the order of the tabs. */
export function availableComposers(context = {}) {
    return composers
        .getEntries()
        .filter(([, { available }]) => !available || available(context))
        .map(([kind, entry]) => ({ kind, ...entry }));
}

/** The tabs above everything one can write; what is internal stands apart on the right. */
export class ComposerTabs extends Component {
    static template = "servicedesk.ComposerTabs";
    static props = {
        kind: String,
        context: { type: Object, optional: true },
        switchTo: Function, // (kind)
        close: Function, // ()
    };

    setup() {
        this.root = useRef("root");
        this.action = useService("action");
    }

    get tabs() {
        const entries = availableComposers(this.props.context);
        const describe = ({ kind, label, icon }) => ({ kind, label, icon, active: kind === this.props.kind });
        return {
            outward: entries.filter((entry) => !entry.internal).map(describe),
            internal: entries.filter((entry) => entry.internal).map(describe),
        };
    }

    get missingLabel() {
        return _t("There is no SMS gateway here yet. Open the department's settings.");
    }

    openDepartment() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "servicedesk.department",
            res_id: this.props.context.department_id,
            views: [[false, "form"]],
        });
    }

    get closeLabel() {
        return _t("Close, the draft is kept");
    }

    /** Arrows move between the tabs, as in any tab list; Enter or Space opens one. */
    onKeydown(ev) {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[ev.key];
        if (step) {
            ev.preventDefault();
            const tabs = [...this.root.el.querySelectorAll("[role=tab]")];
            tabs.at((tabs.indexOf(ev.target) + step) % tabs.length)?.focus();
        }
    }
}
