import { Component, markup, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { CORE_PLUGINS } from "@html_editor/plugin_sets";
import { ColorPlugin } from "@html_editor/main/font/color_plugin";
import { FeffPlugin } from "@html_editor/main/feff_plugin";
import { HintPlugin } from "@html_editor/main/hint_plugin";
import { LinkPastePlugin } from "@html_editor/main/link/link_paste_plugin";
import { LinkPlugin } from "@html_editor/main/link/link_plugin";
import { Wysiwyg } from "@html_editor/wysiwyg";
import { prepareBody } from "../common/mail_body";

const PLUGINS = [...CORE_PLUGINS, ColorPlugin, FeffPlugin, HintPlugin, LinkPlugin, LinkPastePlugin];

/** What everybody must know about the client, in amber on top of all of the client's tickets. */
export class ClientNote extends Component {
    static template = "servicedesk.ClientNote";
    static components = { Wysiwyg };
    static props = {
        ticketId: Number,
        notes: Array, // [{partner_id, name, client, body}]
        readonly: { type: Boolean, optional: true },
        reload: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ editing: false, saving: false, error: "" });
    }

    get client() {
        return this.props.notes.find(({ client }) => client);
    }

    get shown() {
        return this.props.notes.filter(({ client, body }) => body && !(client && this.state.editing));
    }

    body(note) {
        return prepareBody(note.body).html;
    }

    label(note) {
        return note.client ? _t("Note on the client") : _t("Note on %s", note.name);
    }

    edit() {
        this.config = {
            content: markup(this.client.body || "<p><br></p>"), // the editor sanitizes its content
            Plugins: PLUGINS,
            classList: ["o_sd_writing"],
            placeholder: _t("What must everybody know about this client?"),
            baseContainers: ["P"],
            onEditorReady: () => {
                this.editor.shared.selection.setCursorEnd(this.editor.editable.lastElementChild);
                this.editor.shared.selection.focusEditable();
            },
        };
        this.state.editing = true;
    }

    onEditorLoad(editor) {
        this.editor = editor;
    }

    async save() {
        this.state.saving = true;
        this.state.error = "";
        try {
            const body = this.editor.getContent();
            await this.orm.call("servicedesk.ticket", "set_client_note", [[this.props.ticketId], body]);
            await this.props.reload();
            this.state.editing = false;
        } catch (error) {
            this.state.error = error.data?.message || error.message || _t("The server did not answer.");
        } finally {
            this.state.saving = false;
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            ev.stopPropagation();
            this.save();
        }
    }
}
