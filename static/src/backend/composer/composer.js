import {
    Component,
    markup,
    onMounted,
    onWillStart,
    onWillUnmount,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { Wysiwyg } from "@html_editor/wysiwyg";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { serializeDateTime } from "@web/core/l10n/dates";
import { usePopover } from "@web/core/popover/popover_hook";
import { useBus, useService } from "@web/core/utils/hooks";
import { Attachments } from "../attachments/attachments";
import { AddressField } from "../address_field/address_field";
import { clock } from "../common/dates";
import { showsAttachment } from "../common/mail_body";
import { composerProps, composers, ComposerTabs } from "../composer_tabs/composer_tabs";
import { Draft, sendLabel } from "./draft";
import { MentionPlugin, mentionConfig } from "../discussion/mention_plugin";
import { SAVE_DRAFT } from "../item_menu/timeline_desk";
import { SendLater } from "../send_later/send_later";
import { TemplateShortcutPlugin } from "../template_picker/shortcut_plugin";
import { TemplatePicker } from "../template_picker/template_picker";
import { composerPlugins, TOOLS } from "./editor_config";
import { Meanwhile } from "./meanwhile";
import { fillTemplate, findMissing } from "./template_text";

const { DateTime } = luxon;
const SAVE_DELAY = 1000;
const UPLOAD_ROUTE = "/web/binary/upload_attachment";

/**
 * Where an answer or an internal note is written. What is typed is saved a second after typing stops, when the
 * composer closes, when the ticket is left and when the page goes away; an error never takes it from the screen.
 */
export class Composer extends Component {
    static template = "servicedesk.Composer";
    static components = { AddressField, Attachments, ComposerTabs, SendLater, Wysiwyg };
    static props = composerProps;

    setup() {
        this.orm = useService("orm");
        this.upload = useService("file_upload");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.fileInput = useRef("fileInput");
        this.state = useState({
            draft: null,
            status: "loading",
            error: "",
            savedAt: "",
            more: false,
            sending: false,
            missing: [],
        });
        this.meanwhile = useState(new Meanwhile(this.orm, this.props));
        this.templates = usePopover(TemplatePicker, { popoverClass: "o_sd_template_popover", position: "top-start" });
        this.uploads = useState(this.upload.uploads);
        this.ownUploads = new Set();

        onWillStart(() => this.open());
        onMounted(() => this.root.el?.scrollIntoView({ block: "nearest" }));
        onWillUnmount(() => this.leave());
        useBus(this.upload.bus, "FILE_UPLOAD_LOADED", ({ detail }) => this.onUploaded(detail.upload));
        useBus(this.env.bus, SAVE_DRAFT, ({ detail }) => this.state.status === "ready" && detail.push(this.save()));
        useExternalListener(window, "pagehide", () => this.saveUrgently());
        useDropzone(this.root, (ev) => this.addFiles([...ev.dataTransfer.files]), "o_sd_dropzone");
    }

    async open() {
        const { ticketId, kind, replyToId = false, replyAll = false } = this.props;
        try {
            const values = await this.orm.call("servicedesk.item", "prepare_draft", [ticketId, kind], {
                reply_to_id: replyToId,
                reply_all: replyAll,
            });
            // Saving goes on after this component is gone, hence without the guard of `useService`.
            const { orm } = this.env.services;
            this.state.draft = new Draft(values, (changes) =>
                orm.silent.call("servicedesk.item", "save_draft", [ticketId, kind, changes]),
            );
            this.editorConfig = this.makeEditorConfig();
            this.state.more = Boolean(this.draft.cc.length || this.draft.bcc.length);
            this.state.status = "ready";
            this.meanwhile.open(this.props.entries);
        } catch (error) {
            this.state.status = "error";
            this.state.error = this.explain(error);
        }
    }

    get draft() {
        return this.state.draft;
    }

    explain(error) {
        return error.data?.message || error.message || _t("The server did not answer.");
    }

    // ------------------------------------------------------------------ editor

    makeEditorConfig() {
        return {
            content: markup(this.draft.body || ""),
            Plugins: [...composerPlugins(), TemplateShortcutPlugin, ...(this.isNote ? [MentionPlugin] : [])],
            pickTemplate: (instead) => this.pickTemplate({ instead }),
            ...mentionConfig(this.props.ticketId, this),
            classList: ["o_sd_writing"],
            placeholder: this.isNote ? _t("Write for your colleagues…") : _t("Write your answer…"),
            baseContainers: ["P"],
            dropImageAsAttachment: true,
            allowVideo: false,
            getRecordInfo: () => ({ resModel: "servicedesk.item", resId: this.draft.id }),
            onChange: () => this.onTyped(),
            onEditorReady: () => {
                const untouched = !this.draft.isDirty;
                this.draft.body = this.editor.getContent();
                this.state.missing = findMissing(this.editor.editable).map(({ name }) => name);
                untouched && this.draft.settle();
                if (this.props.autofocus !== false && (this.isNote || this.draft.to.length)) {
                    this.editor.shared.selection.setCursorStart(this.editor.editable.firstElementChild);
                    this.editor.shared.selection.focusEditable();
                }
            },
        };
    }

    onEditorLoad(editor) {
        this.editor = editor;
    }

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
        this.editor.shared.selection.focusEditable();
        this.editor.shared.userCommand.getCommand(id).run(params);
    }

    addEmoji(ev) {
        this.editor.shared.emoji.showEmojiPicker({ target: ev.currentTarget });
    }

    // --------------------------------------------------------------- templates

    /** Open the templates; `instead`: in place of the "::" before the cursor. */
    pickTemplate({ target = this.editorAnchor, instead = false } = {}) {
        const focus = () => this.editor.shared.selection.focusEditable();
        this.templates.open(target, {
            ticketId: this.props.ticketId,
            term: (instead && this.editor.shared.servicedeskTemplateShortcut.typedAfterColons()) || "",
            insert: (rendered) => this.insertTemplate(rendered, { instead }),
            cancel: focus,
        });
    }

    get editorAnchor() {
        return this.root.el.querySelector(".o_sd_paper_sheet");
    }

    insertTemplate({ subject, html }, { instead }) {
        this.editor.shared.selection.focusEditable();
        const fragment = fillTemplate(html, this.editor.editable);
        this.editor.shared.servicedeskTemplateShortcut.insertTemplate(fragment, { instead });
        if (!this.isNote && subject && !this.draft.subject) {
            this.draft.subject = subject;
        }
        this.onTyped();
    }

    onTyped() {
        this.state.missing = findMissing(this.editor.editable).map(({ name }) => name);
        this.saveSoon();
    }

    get missingLabel() {
        return _t("Fill in or delete what has no value yet: %s", this.state.missing.join(", "));
    }

    showMissing() {
        const [first] = findMissing(this.editor.editable);
        if (first) {
            this.editor.shared.selection.setSelection({
                anchorNode: first.element,
                anchorOffset: 0,
                focusNode: first.element,
                focusOffset: first.element.childNodes.length,
            });
            this.editor.shared.selection.focusEditable();
            first.element.scrollIntoView({ block: "center" });
        }
    }

    // ------------------------------------------------------------------ saving

    get labels() {
        return {
            email: _t("Answer by e-mail"),
            note: _t("Internal note"),
            to: _t("To"),
            cc: _t("Copy"),
            bcc: _t("Blind"),
        };
    }

    get isNote() {
        return this.props.kind === "note";
    }

    saveSoon() {
        this.state.error = "";
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.save(), SAVE_DELAY);
    }

    readBody() {
        if (this.editor && !this.editor.isDestroyed && this.editor.isReady) {
            this.draft.body = this.editor.getContent();
        }
    }

    /** Pictures pasted into the text become files of the draft, which must exist first. */
    async storePictures() {
        const { editable } = this.editor;
        if (editable.querySelector(".o_b64_image_to_save, .o_modified_image_to_save")) {
            await this.draft.save({ force: true });
            await this.editor.shared.imageSave.savePendingImages(editable);
        }
    }

    async save() {
        browser.clearTimeout(this.timer);
        try {
            if (this.editor?.isReady && !this.editor.isDestroyed) {
                await this.storePictures();
            }
            this.readBody();
            if (this.draft.isDirty) {
                await this.draft.save();
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
            this.readBody();
            this.draft.isDirty && this.draft.save().catch(() => {});
        }
    }

    /** The page is closing: an ordinary call would be cut off. */
    saveUrgently() {
        if (this.state.status !== "ready" || this.gone) {
            return;
        }
        this.readBody();
        if (this.draft.isDirty) {
            const params = { model: "servicedesk.item", method: "save_draft", kwargs: {} };
            params.args = [this.props.ticketId, this.props.kind, this.draft.values];
            const call = new Blob([JSON.stringify({ jsonrpc: "2.0", method: "call", params })], {
                type: "application/json",
            });
            browser.navigator.sendBeacon("/web/dataset/call_kw/servicedesk.item/save_draft", call);
        }
    }

    update(name, value) {
        this.draft[name] = value;
        this.saveSoon();
    }

    suggest(term) {
        return this.orm.silent.call("servicedesk.item", "suggest_addresses", [this.props.ticketId, term]);
    }

    // ------------------------------------------------------------------- files

    get files() {
        return this.draft.attachments.filter((file) => !showsAttachment(this.draft.body, file.id));
    }

    get runningUploads() {
        return Object.values(this.uploads).filter((upload) => this.ownUploads.has(upload.id));
    }

    percent(upload) {
        return Math.round((upload.progress || 0) * 100);
    }

    onFilesChosen(ev) {
        this.addFiles([...ev.target.files]);
        ev.target.value = "";
    }

    async addFiles(files) {
        this.state.error = "";
        if (!files.length) {
            return;
        }
        try {
            this.readBody();
            await this.draft.save({ force: true });
        } catch (error) {
            this.state.error = this.explain(error);
            return;
        }
        for (const file of files) {
            const upload = await this.upload.upload(UPLOAD_ROUTE, [file], {
                buildFormData: (data) => {
                    data.append("model", "servicedesk.item");
                    data.append("id", this.draft.id);
                },
            });
            this.ownUploads.add(upload.id);
        }
    }

    onUploaded(upload) {
        if (!this.ownUploads.has(upload.id)) {
            return;
        }
        for (const file of JSON.parse(upload.xhr.response)) {
            if (file.error) {
                this.state.error = file.error;
            } else {
                this.draft.attachments.push({
                    id: file.id,
                    name: file.filename,
                    mimetype: file.mimetype,
                    size: file.size,
                });
            }
        }
    }

    /** Pasted files that are no pictures (those the editor takes) become attachments. */
    onPaste(ev) {
        const files = [...(ev.clipboardData?.files || [])].filter((file) => !file.type.startsWith("image/"));
        if (files.length) {
            ev.preventDefault();
            ev.stopPropagation();
            this.addFiles(files);
        }
    }

    async removeFile(id) {
        try {
            await this.orm.unlink("ir.attachment", [id]);
            this.draft.attachments = this.draft.attachments.filter((file) => file.id !== id);
        } catch (error) {
            this.state.error = this.explain(error);
        }
    }

    // ----------------------------------------------------------------- the end

    get sendLabel() {
        return sendLabel(this.draft);
    }

    get savedLabel() {
        return this.state.savedAt ? _t("Draft saved %s", this.state.savedAt) : "";
    }

    /** Send it, or let it leave `at` a chosen time (luxon.DateTime). */
    async send({ at } = {}) {
        if (this.state.sending) {
            return;
        }
        document.activeElement?.blur?.(); // what stands in an address field becomes a chip
        await Promise.resolve();
        const [invalid] = this.draft.invalid;
        if (invalid) {
            this.state.error = _t("“%s” is not an e-mail address.", invalid.raw);
            return;
        }
        this.state.missing = findMissing(this.editor.editable).map(({ name }) => name);
        if (this.state.missing.length) {
            this.showMissing();
            return;
        }
        if (this.runningUploads.length) {
            this.state.error = _t("Files are still being uploaded. Send when they are complete.");
            return;
        }
        this.state.sending = true;
        try {
            if (await this.save()) {
                await this.draft.save({ force: true });
                if (!this.isNote && (await this.meanwhile.findAnswer())) {
                    return;
                }
                const [method, args] = at ? ["action_schedule", [serializeDateTime(at)]] : ["action_send", []];
                await this.orm.call("servicedesk.item", method, [[this.draft.id], ...args]);
                this.gone = true;
                this.props.close({ sent: true });
            }
        } catch (error) {
            this.state.error = this.explain(error);
        } finally {
            this.state.sending = false;
        }
    }

    sendAnyway() {
        this.meanwhile.accept();
        return this.send();
    }

    showNews(id) {
        this.env.servicedeskDesk?.show(id);
    }

    /** Let colleagues see the draft and take it over, or hide it again. */
    async toggleShared() {
        try {
            this.readBody();
            await this.draft.save({ force: true });
            await this.orm.call("servicedesk.item", "share_draft", [[this.draft.id], !this.draft.shared]);
            this.draft.shared = !this.draft.shared;
        } catch (error) {
            this.state.error = this.explain(error);
        }
    }

    get shareLabel() {
        return this.draft.shared
            ? _t("Shared with the department. Hide it again")
            : _t("Share the draft with the department");
    }

    async discard() {
        browser.clearTimeout(this.timer);
        this.readBody();
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
        this.props.close({});
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
        } else if (ev.key === "." && ev.ctrlKey) {
            ev.preventDefault();
            this.switchKind(this.isNote ? "email" : "note");
        } else if (
            ev.key === "Escape" &&
            !ev.defaultPrevented &&
            !document.querySelector(".o-overlay-item .popover, .o-we-powerbox")
        ) {
            ev.preventDefault();
            ev.stopPropagation();
            this.closeKeeping();
        }
    }

    showMore() {
        this.state.more = true;
    }
}

composers
    .add("email", { label: _t("E-mail"), icon: "fa-envelope-o", component: Composer, hotkey: "r" }, { sequence: 10 })
    .add(
        "note",
        { label: _t("Internal note"), icon: "fa-lock", component: Composer, internal: true, hotkey: "n" },
        { sequence: 90 },
    );
