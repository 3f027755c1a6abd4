import { MAIN_PLUGINS } from "@html_editor/plugin_sets";

// What has no place in a mail or would leave the house: page layout, generated text, floating helpers.
const UNWANTED = new Set(["banner", "chatgpt_translate", "column", "star", "powerButtons", "movenode"]);

export const COMPOSER_PLUGINS = MAIN_PLUGINS.filter((plugin) => !UNWANTED.has(plugin.id));

/** Buttons of the small tool bar: commands of the editor. */
export const TOOLS = [
    { id: "formatBold", icon: "fa-bold" },
    { id: "formatItalic", icon: "fa-italic" },
    { id: "toggleListUL", icon: "fa-list-ul", params: { mode: "UL" } },
    { id: "openLinkTools", icon: "fa-link" },
];
