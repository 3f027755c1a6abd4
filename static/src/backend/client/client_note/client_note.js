import { Component, markup, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { CORE_PLUGINS } from "@html_editor/plugin_sets";
import { ColorPlugin } from "@html_editor/main/font/color_plugin";
import { FeffPlugin } from "@html_editor/main/feff_plugin";
import { HintPlugin } from "@html_editor/main/hint_plugin";
import { LinkPastePlugin } from "@html_editor/main/link/link_paste_plugin";
import { LinkPlugin } from "@html_editor/main/link/link_plugin";
import { Wysiwyg } from "@html_editor/wysiwyg";
import { useKeptText } from "../../common/kept_text";
import { ForeignHtml } from "../../common/foreign_html/foreign_html";
import { prepareBody } from "../../common/mail_body";

const PLUGINS = [...CORE_PLUGINS, ColorPlugin, FeffPlugin, HintPlugin, LinkPlugin, LinkPastePlugin];

/**
 * What everybody must know about the client, in amber on top of all of the client's tickets.
 * What is typed stays in this browser until it is saved; a colleague's newer note is shown and not written over.
 */
export class ClientNote extends Component {
    static template = "servicedesk.ClientNote";
    static components = { ForeignHtml, Wysiwyg };
    static props = {
        ticketId: Number,
        notes: Array, // [{partner_id, name, client, body}]
        readonly: { type: Boolean, optional: true },
        reload: Function,
    };

    setup() {
        this.state = useState({ editing: false, saving: false, error: "", known: "" });
        this.kept = useKeptText(`servicedesk.client_note.${user.userId}.${this.client?.partner_id}`, () => this.read());
        if (this.client && !this.props.readonly && this.kept.stored) {
            this.edit();
        }
    }

    get client() {
        return this.props.notes.find(({ client }) => client);
    }

    get shown() {
        return this.props.notes.filter(
            ({ client, body }) => body && !(client && this.state.editing && !this.isOutdated),
        );
    }

    /** A colleague has stored another note since this one was begun. */
    get isOutdated() {
        return this.state.editing && !this.state.saving && this.client?.body !== this.state.known;
    }

    body(note) {
        return prepareBody(note.body).html;
    }

    label(note) {
        return note.client ? _t("Customer note") : _t("Note on %s", note.name);
    }

    edit() {
        const kept = this.kept.stored && JSON.parse(this.kept.stored);
        const { known, body } = kept || { known: this.client.body, body: this.client.body };
        this.state.known = known;
        this.config = {
            content: markup(body || "<p><br></p>"), // the editor sanitizes its content
            onChange: () => this.kept.keepSoon(),
            Plugins: PLUGINS,
            classList: ["o_sd_writing"],
            placeholder: _t("What must everybody know about this customer?"),
            baseContainers: ["P"],
            onEditorReady: () => {
                this.start = kept ? null : this.editor.getContent();
                this.editor.shared.selection.setCursorEnd(this.editor.editable.lastElementChild);
                this.editor.shared.selection.focusEditable();
            },
        };
        this.state.editing = true;
    }

    onEditorLoad(editor) {
        this.editor = editor;
    }

    get isReady() {
        return Boolean(this.state.editing && this.editor && !this.editor.isDestroyed && this.editor.isReady);
    }

    read() {
        if (!this.isReady) {
            return null;
        }
        const body = this.editor.getContent();
        return body === this.start ? "" : JSON.stringify({ known: this.state.known, body });
    }

    async save() {
        if (this.state.saving || !this.isReady) {
            return;
        }
        this.state.saving = true;
        this.state.error = "";
        this.kept.keep();
        const sent = this.kept.stored;
        const body = this.editor.getContent();
        try {
            const values = [[this.props.ticketId], body, this.state.known];
            // Not the component's own service, which would not answer any more to who has left meanwhile.
            await this.env.services.orm.call("servicedesk.ticket", "set_client_note", values);
            if (this.isReady && this.editor.getContent() !== body) {
                await this.props.reload();
                this.state.known = this.client.body; // typed meanwhile: it goes on from what is stored now
                this.kept.keep();
            } else {
                if (this.kept.stored === sent) {
                    this.kept.forget();
                }
                this.state.editing = false;
                await this.props.reload();
            }
        } catch (error) {
            if (error.data?.name?.endsWith(".NoteConflict")) {
                await this.props.reload();
            } else {
                this.state.error = error.data?.message || error.message || _t("The server did not answer.");
            }
        } finally {
            this.state.saving = false;
        }
    }

    /** After a conflict: what stands here becomes the note. */
    keepThis() {
        this.state.known = this.client.body;
        return this.save();
    }

    cancel() {
        this.state.editing = false;
        this.kept.forget();
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            ev.stopPropagation();
            this.save();
        }
    }
}
