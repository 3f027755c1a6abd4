import { _t } from "@web/core/l10n/translation";
import { wordsOf } from "../composer/composer_tabs/composer_tabs";
import { channelIcon } from "../item/conversation/channel_look";
import { passes } from "./entries";

const ORDER = ["email", "sms", "call", "meeting", "portal", "chat", "note"];
const ALWAYS = ["email", "note"];

function kindLabel(kind) {
    const others = { portal: _t("Portal"), chat: _t("Chat") };
    return wordsOf(kind).many || others[kind] || kind;
}

/**
 * The chips above the feed: a kind of item has one as soon as the ticket has such an item.
 *
 * @param {{counts: Object, entries: Object[]}} state counts of the whole ticket, entries as far as loaded
 * @returns {{id: string, label: string, icon: string, count: number}[]}
 */
export function filterChips({ counts, entries }) {
    const loaded = (filter) => entries.filter((entry) => passes(entry, filter)).length;
    const kinds = new Set([
        ...Object.keys(counts),
        ...entries.filter(({ type }) => type === "item").map((e) => e.kind),
    ]);
    kinds.delete("important");
    const place = (kind) => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);
    const shown = [...new Set([...ALWAYS, ...kinds])].sort((a, b) => place(a) - place(b));
    const chips = shown.map((kind) => ({
        id: kind,
        label: kindLabel(kind),
        icon: kind === "note" ? "fa-lock" : channelIcon(kind),
        count: counts[kind] ?? loaded(kind),
    }));
    const posted = loaded("message");
    const others = posted ? [{ id: "message", label: _t("Other apps"), icon: "fa-cube", count: 0 }] : [];
    const all = chips.reduce((sum, { count }) => sum + count, 0);
    return [
        { id: "all", label: _t("All"), icon: "", count: all },
        ...chips,
        ...others,
        { id: "mine", label: _t("Mine"), icon: "fa-user-o", count: 0 },
        { id: "important", label: _t("Important"), icon: "fa-star-o", count: counts.important ?? loaded("important") },
        { id: "event", label: _t("Events"), icon: "fa-history", count: 0 },
    ];
}
