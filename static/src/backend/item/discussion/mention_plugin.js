import { _t } from "@web/core/l10n/translation";
import { Plugin } from "@html_editor/plugin";

const SHOWN = 8;
const LONGEST = 40; // letters behind "@" that may still be a name

/** Letters without diacritics, small: "Tomáš" is found by "tomas". */
function strip(text) {
    return text
        .normalize("NFD")
        .replace(/[\u0300-\u036f]/g, "")
        .toLowerCase();
}

/** The people and departments one of whose words begins with what was typed. */
export function matchMentions(candidates, term) {
    const wanted = strip(term);
    return candidates
        .filter(({ name }) => {
            const plain = strip(name);
            return plain.startsWith(wanted) || plain.split(/[\s.]+/).some((word) => word.startsWith(wanted));
        })
        .slice(0, SHOWN);
}

/**
 * "@" in a note calls a colleague or a whole department. The names come from `config.getMentionCandidates()`
 * (see `get_mention_candidates` on the server); who does not see the ticket is written as plain text, for the
 * server would not tell them, and `config.onMentionRefused(name)` says so.
 */
export class MentionPlugin extends Plugin {
    static id = "servicedeskMention";
    static dependencies = ["powerbox", "selection", "history", "dom", "input"];
    resources = {
        beforeinput_handlers: this.onBeforeInput.bind(this),
        input_handlers: this.onInput.bind(this),
        delete_handlers: this.update.bind(this),
        post_undo_handlers: this.update.bind(this),
        post_redo_handlers: this.update.bind(this),
    };

    onBeforeInput(ev) {
        if (ev.data === "@") {
            this.restore = this.dependencies.history.makeSavePoint();
        }
    }

    async onInput(ev) {
        if (ev.data !== "@") {
            this.update();
            return;
        }
        const selection = this.dependencies.selection.getEditableSelection();
        const node = selection.startContainer;
        const offset = selection.startOffset - 1;
        // Part of an address ("jana@…") calls nobody.
        if (node.nodeType !== Node.TEXT_NODE || /[\p{L}\p{N}._-]/u.test(node.nodeValue[offset - 1] || "")) {
            return;
        }
        this.place = { node, offset };
        this.candidates = await this.config.getMentionCandidates();
        if (!this.isDestroyed) {
            this.update();
        }
    }

    /** What stands between "@" and the caret, or null where one no longer writes a name. */
    get term() {
        if (!this.place || !this.candidates) {
            return null;
        }
        const { node, offset } = this.place;
        const selection = this.dependencies.selection.getEditableSelection();
        const inside = selection.endContainer === node && selection.endOffset > offset;
        const term =
            inside && node.nodeValue?.[offset] === "@" ? node.nodeValue.slice(offset + 1, selection.endOffset) : null;
        return term === null || term.length > LONGEST || /^\s/.test(term) ? null : term.replace(/\u00a0/g, " ");
    }

    update() {
        if (!this.place) {
            return;
        }
        const { term } = this;
        const found = term === null ? [] : matchMentions(this.candidates || [], term);
        if (term === null) {
            this.place = this.candidates ? null : this.place;
        }
        if (!found.length) {
            this.isOpen && this.dependencies.powerbox.closePowerbox();
            return;
        }
        const commands = found.map((candidate) => this.makeCommand(candidate));
        if (this.isOpen) {
            this.dependencies.powerbox.updatePowerbox(commands);
            return;
        }
        this.dependencies.powerbox.openPowerbox({
            commands,
            onApplyCommand: () => this.restore?.(),
            onClose: () => (this.isOpen = false),
        });
        this.isOpen = true;
    }

    makeCommand(candidate) {
        const { model, name, detail, access } = candidate;
        return {
            title: name,
            description: access ? detail : _t("has no access to this ticket"),
            icon: model === "res.users" ? (access ? "fa-user" : "fa-ban") : "fa-users",
            run: () => this.insert(candidate),
        };
    }

    insert({ model, id, name, access }) {
        this.place = null;
        if (access) {
            const mention = this.document.createElement("span");
            mention.className = "o_sd_mention";
            mention.dataset.oeModel = model;
            mention.dataset.oeId = id;
            mention.dataset.oeProtected = "true";
            mention.contentEditable = "false";
            mention.textContent = `@${name}`;
            this.dependencies.dom.insert(mention);
            this.dependencies.dom.insert("\u00a0");
        } else {
            this.dependencies.dom.insert(`@${name}\u00a0`);
            this.config.onMentionRefused?.(name);
        }
        this.dependencies.history.addStep();
    }
}

/** What an editor's `config` needs so that "@" works: names are asked for once, when they are first wanted. */
export function mentionConfig(ticketId, { orm, notification }) {
    let names = null;
    return {
        getMentionCandidates: () => {
            names ||= orm.silent.call("servicedesk.item", "get_mention_candidates", [ticketId]).catch(() => {
                names = null;
                return [];
            });
            return names;
        },
        onMentionRefused: (name) =>
            notification.add(_t("%s has no access to this ticket and is not notified.", name), { type: "warning" }),
    };
}
