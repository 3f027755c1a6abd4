import { Wysiwyg } from "@html_editor/wysiwyg";
import { _t } from "@web/core/l10n/translation";
import { AddressField } from "../address_field/address_field";
import { Attachments } from "../../item/attachments/attachments";
import { BaseComposer } from "../composer_base/base_composer";
import { composers } from "../composer_tabs/composer_tabs";
import { Draft, sendLabel } from "./draft";
import { useDraftFiles } from "./files";
import { useComposerText } from "./text";

/** Where an answer or an internal note is written. */
export class Composer extends BaseComposer {
    static components = { ...BaseComposer.components, AddressField, Attachments, Wysiwyg };
    static content = "servicedesk.Composer";
    static tools = "servicedesk.ComposerTools";
    static announces = true;
    static shareable = true;

    setup() {
        super.setup();
        this.state.more = false;
        this.text = useComposerText(this);
        this.files = useDraftFiles(this);
    }

    makeDraft(values, store) {
        return new Draft(values, store);
    }

    onOpened() {
        this.text.start();
        this.state.more = Boolean(this.draft.cc.length || this.draft.bcc.length);
    }

    get isNote() {
        return this.props.kind === "note";
    }

    get leaves() {
        return !this.isNote;
    }

    get isForward() {
        return this.props.kind === "forward";
    }

    get label() {
        return this.isNote ? _t("Internal note") : this.isForward ? _t("Forward") : _t("Answer by e-mail");
    }

    get labels() {
        return { to: _t("To"), cc: _t("Copy"), bcc: _t("Blind") };
    }

    get placeholder() {
        return this.isNote
            ? _t("Write for your colleagues: @ calls one, :: brings a template…")
            : this.isForward
              ? _t("Write what you need from them; the client sees neither this nor their answer…")
              : _t("Write your answer: :: brings a template…");
    }

    // ------------------------------------------------------------------ saving

    async prepareSaving() {
        if (this.text.isReady) {
            await this.text.storePictures();
        }
    }

    readScreen() {
        this.text.read();
    }

    update(name, value) {
        this.draft[name] = value;
        this.saveSoon();
    }

    suggest(term) {
        return this.orm.silent.call("servicedesk.item", "suggest_addresses", [this.props.ticketId, term]);
    }

    showMore() {
        this.state.more = true;
    }

    // ----------------------------------------------------------------- the end

    get sendLabel() {
        return sendLabel(this.draft);
    }

    get sendIcon() {
        return this.isNote ? "fa-lock" : "fa-paper-plane";
    }

    get sendClass() {
        return this.isNote ? "o_sd_save_note" : "btn-primary";
    }

    get obstacle() {
        const [invalid] = this.draft.invalid;
        if (invalid) {
            return _t("“%s” is not an e-mail address.", invalid.raw);
        }
        return this.files.running.length ? _t("Files are still being uploaded. Send when they are complete.") : "";
    }

    findMissing() {
        return this.text.missing.map(({ name }) => name);
    }

    showMissing() {
        this.text.showMissing();
    }

    onKeydown(ev) {
        if (ev.key === "." && ev.ctrlKey) {
            ev.preventDefault();
            this.switchKind(this.isNote ? "email" : "note");
        } else {
            super.onKeydown(ev);
        }
    }
}

composers
    .add("email", { label: _t("E-mail"), icon: "fa-envelope-o", component: Composer, hotkey: "r" }, { sequence: 10 })
    .add(
        "forward",
        {
            label: _t("Forward"),
            icon: "fa-share",
            component: Composer,
            available: ({ drafts = [] }) => drafts.includes("forward"),
        },
        { sequence: 15 },
    )
    .add(
        "note",
        { label: _t("Internal note"), icon: "fa-lock", component: Composer, internal: true, hotkey: "n" },
        { sequence: 90 },
    );
