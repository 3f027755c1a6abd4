import { Component, useState } from "@odoo/owl";
import { Wysiwyg } from "@html_editor/wysiwyg";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Attachments } from "../../item/attachments/attachments";
import { AddressField } from "../address_field/address_field";
import { ComposerFrame } from "../composer_frame/composer_frame";
import { useDraft } from "../composer_frame/use_draft";
import { composerProps, composers } from "../composer_tabs/composer_tabs";
import { Draft, sendLabel } from "./draft";
import { useDraftFiles } from "./files";
import { useComposerText } from "./text";

/** Where an answer or an internal note is written. */
export class Composer extends Component {
    static template = "servicedesk.Composer";
    static components = { AddressField, Attachments, ComposerFrame, Wysiwyg };
    static props = composerProps;

    setup() {
        this.orm = useService("orm");
        this.state = useState({ more: false });
        this.draft = useDraft({
            makeDraft: (values, store) => new Draft(values, store),
            leaves: !this.isNote,
            announces: true,
            shareable: true,
            onOpened: () => this.onOpened(),
            prepareSaving: () => this.text.storePictures(),
            readScreen: () => this.text.read(),
            obstacle: () => this.obstacle,
            findMissing: () => this.text.missing.map(({ name }) => name),
            showMissing: () => this.text.showMissing(),
        });
        this.text = useComposerText(this);
        this.files = useDraftFiles(this.draft);
    }

    onOpened() {
        const { cc, bcc } = this.draft.form;
        this.text.start();
        this.state.more = Boolean(cc.length || bcc.length);
    }

    get isNote() {
        return this.props.kind === "note";
    }

    get isForward() {
        return this.props.kind === "forward";
    }

    get label() {
        return this.isNote ? _t("Internal note") : this.isForward ? _t("Forward") : _t("Reply by e-mail");
    }

    get labels() {
        return { to: _t("To"), cc: _t("Cc"), bcc: _t("Bcc") };
    }

    get placeholder() {
        return this.isNote
            ? _t("Write for your colleagues: @ mentions one, :: inserts a template…")
            : this.isForward
              ? _t("Write what you need from them; the customer sees neither this nor their answer…")
              : _t("Write your reply: :: inserts a template…");
    }

    suggest(term) {
        return this.orm.silent.call("servicedesk.item", "suggest_addresses", [this.props.ticketId, term]);
    }

    showMore() {
        this.state.more = true;
    }

    get sendLabel() {
        return this.draft.stored ? sendLabel(this.draft.stored) : "";
    }

    get sendIcon() {
        return this.isNote ? "fa-lock" : "fa-paper-plane";
    }

    get sendClass() {
        return this.isNote ? "o_sd_save_note" : "btn-primary";
    }

    get obstacle() {
        const [invalid] = this.draft.form.invalid;
        if (invalid) {
            return _t("“%s” is not an e-mail address.", invalid.raw);
        }
        return this.files.running.length ? _t("Files are still being uploaded. Send when they are complete.") : "";
    }

    onKeydown(ev) {
        if (ev.key === "." && ev.ctrlKey) {
            ev.preventDefault();
            this.draft.switchKind(this.isNote ? "email" : "note");
        }
    }
}

composers
    .add(
        "email",
        {
            label: _t("E-mail"),
            icon: "fa-envelope-o",
            component: Composer,
            answers: true,
            hotkey: "r",
            words: {
                many: _t("E-mails"),
                command: _t("Reply"),
                writing: (name) => _t("%s is writing an e-mail…", name),
            },
        },
        { sequence: 10 },
    )
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
        {
            label: _t("Internal note"),
            icon: "fa-lock",
            component: Composer,
            internal: true,
            hotkey: "n",
            words: {
                many: _t("Notes"),
                command: _t("Write an internal note"),
                writing: (name) => _t("%s is writing an internal note…", name),
            },
        },
        { sequence: 90 },
    );
