import { markup } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { MentionPlugin, mentionConfig } from "../../item/discussion/mention_plugin";
import { useTemplatePicker } from "../template_picker/template_picker";
import { TemplateShortcutPlugin } from "../template_picker/shortcut_plugin";
import { composerPlugins, TOOLS } from "./editor_config";
import { fillTemplate, findMissing } from "./template_text";

/** The text of a mail or a note: the editor, its tools, templates put into it. */
class ComposerText {
    constructor(composer) {
        Object.assign(this, { composer, draft: composer.draft });
        this.templates = useTemplatePicker();
    }

    /** Make the editor's settings for the draft as it is now. */
    start() {
        const { composer, draft } = this;
        this.config = {
            content: markup(draft.form.body || ""),
            Plugins: [...composerPlugins(), TemplateShortcutPlugin, ...(composer.isNote ? [MentionPlugin] : [])],
            pickTemplate: (instead) => this.pickTemplate({ instead }),
            ...mentionConfig(composer.props.ticketId, draft),
            classList: ["o_sd_writing"],
            placeholder: composer.placeholder,
            baseContainers: ["P"],
            dropImageAsAttachment: true,
            allowVideo: false,
            getRecordInfo: () => ({ resModel: "servicedesk.item", resId: draft.stored.id }),
            onChange: () => this.onTyped(),
            onEditorReady: () => this.onReady(),
        };
    }

    onLoad(editor) {
        this.editor = editor;
    }

    /** The editor tidies up a text before anybody has typed. */
    onReady() {
        const { composer, draft } = this;
        const untouched = !draft.stored.isDirty;
        draft.form.body = this.editor.getContent();
        draft.sending.noteMissing();
        untouched && draft.stored.settle();
        if (composer.props.autofocus !== false && (composer.isNote || draft.form.to.length)) {
            this.editor.shared.selection.setCursorStart(this.editor.editable.firstElementChild);
            this.focus();
        }
    }

    get isReady() {
        return Boolean(this.editor?.isReady && !this.editor.isDestroyed);
    }

    focus() {
        this.editor.shared.selection.focusEditable();
    }

    onTyped() {
        this.draft.sending.noteMissing();
        this.draft.saveSoon();
    }

    read() {
        if (this.isReady) {
            this.draft.form.body = this.editor.getContent();
        }
    }

    /** Pictures pasted into the text become files of the draft, which must exist first. */
    async storePictures() {
        if (!this.isReady) {
            return;
        }
        const { editable, shared } = this.editor;
        if (editable.querySelector(".o_b64_image_to_save, .o_modified_image_to_save")) {
            await this.draft.stored.save({ force: true });
            await shared.imageSave.savePendingImages(editable);
        }
    }

    // ------------------------------------------------------------------- tools

    get tools() {
        const labels = {
            formatBold: _t("Bold"),
            formatItalic: _t("Italic"),
            toggleListUL: _t("List"),
            openLinkTools: _t("Link"),
        };
        return TOOLS.map((tool) => ({ ...tool, label: labels[tool.id] }));
    }

    runTool({ id, params }) {
        this.focus();
        this.editor.shared.userCommand.getCommand(id).run(params);
    }

    addEmoji(ev) {
        this.editor.shared.emoji.showEmojiPicker({ target: ev.currentTarget });
    }

    // --------------------------------------------------------------- templates

    /** Open the templates; `instead`: in place of the "::" before the cursor. */
    pickTemplate({ target, instead = false } = {}) {
        const { servicedeskTemplateShortcut: shortcut } = this.editor.shared;
        this.templates.open(target || this.draft.root.el.querySelector(".o_sd_paper_sheet"), {
            ticketId: this.composer.props.ticketId,
            term: (instead && shortcut.typedAfterColons()) || "",
            insert: (rendered) => this.insertTemplate(rendered, { instead }),
            cancel: () => this.focus(),
        });
    }

    insertTemplate({ subject, html }, { instead }) {
        const { form } = this.draft;
        this.focus();
        const fragment = fillTemplate(html, this.editor.editable);
        this.editor.shared.servicedeskTemplateShortcut.insertTemplate(fragment, { instead });
        if (!this.composer.isNote && subject && !form.subject) {
            form.subject = subject;
        }
        this.onTyped();
    }

    get missing() {
        return this.editor ? findMissing(this.editor.editable) : [];
    }

    showMissing() {
        const [first] = this.missing;
        if (first) {
            this.editor.shared.selection.setSelection({
                anchorNode: first.element,
                anchorOffset: 0,
                focusNode: first.element,
                focusOffset: first.element.childNodes.length,
            });
            this.focus();
            first.element.scrollIntoView({ block: "center" });
        }
    }
}

export function useComposerText(composer) {
    return new ComposerText(composer);
}
