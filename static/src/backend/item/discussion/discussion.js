import { Component, markup, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { CORE_PLUGINS } from "@html_editor/plugin_sets";
import { EmojiPlugin } from "@html_editor/main/emoji_plugin";
import { ColorPlugin } from "@html_editor/main/font/color_plugin";
import { FeffPlugin } from "@html_editor/main/feff_plugin";
import { HintPlugin } from "@html_editor/main/hint_plugin";
import { InlineCodePlugin } from "@html_editor/main/inline_code";
import { LinkPastePlugin } from "@html_editor/main/link/link_paste_plugin";
import { LinkPlugin } from "@html_editor/main/link/link_plugin";
import { PowerboxPlugin } from "@html_editor/main/powerbox/powerbox_plugin";
import { Wysiwyg } from "@html_editor/wysiwyg";
import { exactTime, readTime, shortTime } from "../../common/dates";
import { useKeptText } from "../../common/kept_text";
import { ForeignHtml } from "../../common/foreign_html/foreign_html";
import { prepareBody } from "../../common/mail_body";
import { useDesk } from "../item_menu/timeline_desk";
import { MentionPlugin, mentionConfig } from "./mention_plugin";
import { dropSaid, wordsOf } from "./rest";

const PLUGINS = [
    ...CORE_PLUGINS,
    ColorPlugin, // links need it
    EmojiPlugin,
    FeffPlugin,
    HintPlugin,
    InlineCodePlugin,
    LinkPastePlugin,
    LinkPlugin,
    MentionPlugin,
    PowerboxPlugin,
];

/**
 * Colleagues talking about one item, folded inside its card: how many notes, the newest line, a small editor.
 * What is typed stays in this browser until it is saved.
 */
export class Discussion extends Component {
    static template = "servicedesk.Discussion";
    static components = { ForeignHtml, Wysiwyg };
    static props = {
        itemId: Number,
        notes: Array, // entries of the time line, oldest first
        asked: { type: [Object, Boolean], optional: true }, // {id, write}: to be opened, perhaps to write
    };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.desk = useDesk();
        this.state = useState({ open: false, writing: false, saving: false, error: "" });
        this.kept = useKeptText(`servicedesk.discussion.${user.userId}.${this.props.itemId}`, () => this.read());
        this.bodies = new Map();
        this.openIfAsked(this.props.asked);
        onWillUpdateProps(({ asked }) => asked !== this.props.asked && this.openIfAsked(asked));
        if (this.kept.stored) {
            Object.assign(this.state, { open: true, writing: true });
        }
    }

    openIfAsked(asked) {
        if (asked) {
            this.state.open = true;
            asked.write && this.write();
        }
    }

    get newest() {
        return this.props.notes.at(-1);
    }

    get label() {
        return _t("Internal discussion: %s", this.props.notes.length);
    }

    get canWrite() {
        return Boolean(this.desk?.canWrite);
    }

    body(note) {
        if (!this.bodies.has(note.id)) {
            this.bodies.set(note.id, prepareBody(note.body).html);
        }
        return this.bodies.get(note.id);
    }

    time(note) {
        const date = readTime(note.date);
        return { short: shortTime(date), exact: exactTime(date) };
    }

    toggle() {
        this.state.open = !this.state.open;
    }

    // ------------------------------------------------------------------ writing

    write() {
        if (this.canWrite && !this.state.writing) {
            this.editorConfig = this.makeEditorConfig();
            this.state.writing = true;
        }
    }

    get config() {
        this.editorConfig ||= this.makeEditorConfig();
        return this.editorConfig;
    }

    makeEditorConfig() {
        return {
            content: markup(this.kept.stored || "<p><br></p>"), // the editor sanitizes its content
            Plugins: PLUGINS,
            classList: ["o_sd_writing"],
            placeholder: _t("Write for your colleagues… @ mentions somebody"),
            baseContainers: ["P"],
            onChange: () => this.keepSoon(),
            onEditorReady: () => {
                this.editor.shared.selection.setCursorEnd(this.editor.editable.lastElementChild);
                this.editor.shared.selection.focusEditable();
            },
            ...mentionConfig(this.desk?.ticketId, this),
        };
    }

    onEditorLoad(editor) {
        this.editor = editor;
    }

    get isEditing() {
        return Boolean(this.state.writing && this.editor && !this.editor.isDestroyed && this.editor.isReady);
    }

    get isEmpty() {
        return !this.editor?.editable.textContent.trim();
    }

    read() {
        if (!this.isEditing) {
            return null;
        }
        return this.isEmpty ? "" : this.editor.getContent();
    }

    keepSoon() {
        this.state.error = "";
        this.kept.keepSoon();
    }

    async save() {
        if (this.state.saving || !this.isEditing || this.isEmpty) {
            return;
        }
        this.state.saving = true;
        const said = wordsOf(this.editor.editable);
        try {
            // Not the component's own service, which would not answer any more to who has left meanwhile.
            await this.env.services.orm.call("servicedesk.item", "add_discussion", [[this.props.itemId], this.read()]);
            this.forgetSaid(said);
            await this.desk?.refresh();
        } catch (error) {
            this.state.error = error.data?.message || error.message || _t("The server did not answer.");
        } finally {
            this.state.saving = false;
        }
    }

    /** What was typed while it was being saved stays, in the editor or, where one has left, kept for the next time. */
    forgetSaid(said) {
        if (this.isEditing) {
            dropSaid(this.editor.editable, said);
            if (this.isEmpty) {
                this.forget();
            } else {
                this.editor.shared.history.addStep();
                this.kept.keep();
            }
        } else {
            const { body } = new DOMParser().parseFromString(this.kept.stored, "text/html");
            dropSaid(body, said);
            this.kept.stored = body.textContent.trim() ? body.innerHTML : "";
        }
    }

    forget() {
        this.kept.forget();
        this.state.writing = false;
        this.editorConfig = null;
    }

    /** Leave the editor; what stands in it is kept for the next time. */
    leave() {
        this.kept.keep();
        if (this.isEmpty) {
            this.forget();
            this.state.open = this.props.notes.length > 0;
        } else {
            this.state.open = false;
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            ev.stopPropagation();
            this.save();
        } else if (ev.key === "Escape" && !ev.defaultPrevented && !document.querySelector(".o-we-powerbox")) {
            ev.preventDefault();
            ev.stopPropagation();
            this.leave();
        }
    }
}
