import { composers, wordsOf } from "../../composer/composer_tabs/composer_tabs";

/** What the other channels say of themselves where a mail says "Received e-mail". */
export function channelLook(kind, direction) {
    return wordsOf(kind).card?.(direction) || {};
}

/** Through which door it came or left, as a Font Awesome class. */
export function channelIcon(kind) {
    return kind === "portal" ? "fa-globe" : composers.get(kind, {}).icon || "fa-envelope-o";
}

/** Whether the client waits for an answer to such an item; what the portal brought is answered by e-mail. */
export function isAnswerable(kind) {
    return kind === "portal" || Boolean(composers.get(kind, {}).answers);
}
