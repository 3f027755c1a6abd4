import { MAIN_PLUGINS } from "@html_editor/plugin_sets";
import { hasTouch } from "@web/core/browser/feature_detection";
import { PlaceholderPlugin } from "./placeholder_plugin";

// What has no place in a mail or would leave the house: page layout, generated text, floating helpers.
const UNWANTED = new Set(["banner", "chatgpt_translate", "column", "star", "powerButtons", "movenode", "placeholder"]);

/** On touch screens the editor's own tool bar would cover the button that sends. */
export function composerPlugins() {
    const kept = MAIN_PLUGINS.filter(({ id }) => !UNWANTED.has(id) && !(id === "toolbar" && hasTouch()));
    return [...kept, PlaceholderPlugin];
}

/** Buttons of the small tool bar: commands of the editor. */
export const TOOLS = [
    { id: "formatBold", icon: "fa-bold" },
    { id: "formatItalic", icon: "fa-italic" },
    { id: "toggleListUL", icon: "fa-list-ul", params: { mode: "UL" } },
    { id: "openLinkTools", icon: "fa-link" },
];
