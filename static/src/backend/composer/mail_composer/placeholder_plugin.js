import { Plugin } from "@html_editor/plugin";
import { isEmptyBlock } from "@html_editor/utils/dom_info";
import { withSequence } from "@html_editor/utils/resource";

/**
 * Says what to write where nothing has been written yet, with or without the cursor there (`config.placeholder`).
 * Odoo's own counts a text with a signature as written, and speaks of commands as soon as one clicks.
 */
export class PlaceholderPlugin extends Plugin {
    static id = "servicedeskPlaceholder";
    resources = {
        hints: withSequence(1, {
            selector: ".odoo-editor-editable > :first-child",
            text: this.config.placeholder,
        }),
        hint_targets_providers: (_selection, editable) => {
            const [first, ...others] = editable.children;
            // What stands below from the beginning, a signature or what is forwarded, is not one's own words.
            this.given ??= new Set(others);
            const isOpen = first && isEmptyBlock(first) && others.every((element) => this.isGiven(element));
            return isOpen ? [first] : [];
        },
    };

    isGiven(element) {
        return this.given.has(element) || element.matches(".o_sd_signature") || isEmptyBlock(element);
    }
}
