import { Plugin } from "@html_editor/plugin";
import { _t } from "@web/core/l10n/translation";

const COLONS = /(?:^|[\s\u00a0])(::[^\s:]*)$/;

/** Return what stands between "::" and the end of a text, null where there are no such colons. */
export function readShortcut(text) {
    const match = text.match(COLONS);
    return match ? match[1].slice(2) : null;
}

/** Typing "::" opens the templates; so does the editor's own menu ("/"). The composer gives `config.pickTemplate`. */
export class TemplateShortcutPlugin extends Plugin {
    static id = "servicedeskTemplateShortcut";
    static dependencies = ["selection", "input", "delete", "history", "dom"];
    static shared = ["insertTemplate", "typedAfterColons"];
    resources = {
        input_handlers: (ev) => ev.data === ":" && this.typedAfterColons() !== null && this.config.pickTemplate?.(true),
        user_commands: [
            {
                id: "servicedeskTemplate",
                title: _t("Template"),
                description: _t("Insert a template with the values of this ticket"),
                icon: "fa-file-text-o",
                run: () => this.config.pickTemplate?.(false),
            },
        ],
        powerbox_items: [{ categoryId: "widget", commandId: "servicedeskTemplate" }],
    };

    /** Return what stands between "::" and the cursor, null where there are no such colons. */
    typedAfterColons() {
        const { startContainer, startOffset, isCollapsed } = this.dependencies.selection.getEditableSelection();
        if (!isCollapsed || startContainer.nodeType !== Node.TEXT_NODE) {
            return null;
        }
        return readShortcut(startContainer.nodeValue.slice(0, startOffset));
    }

    /** Put a fragment at the cursor, in place of the colons that asked for it. */
    insertTemplate(fragment, { instead = false } = {}) {
        const typed = instead ? this.typedAfterColons() : null;
        if (typed !== null) {
            const { startContainer, startOffset } = this.dependencies.selection.getEditableSelection();
            this.dependencies.selection.setSelection({
                anchorNode: startContainer,
                anchorOffset: startOffset - typed.length - 2,
                focusNode: startContainer,
                focusOffset: startOffset,
            });
            this.dependencies.delete.deleteSelection();
        }
        this.dependencies.dom.insert(fragment);
        this.dependencies.history.addStep();
    }
}
