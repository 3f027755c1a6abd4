import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useCommand } from "@web/core/commands/command_hook";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { useExternalListener } from "@odoo/owl";
import { availableComposers, composers } from "../composer/composer_tabs/composer_tabs";
import { KeysDialog } from "./keys_dialog";

const OFF = "servicedesk_keys_off";
const FIELDS = "input, textarea, select, [contenteditable=true]";

/**
 * What can be done on a ticket by one key. The key of the registry is a name; an entry is
 * `{key, label, run: (timeline) => any, writes?: boolean, available?: (timeline) => boolean}`: `key` is the character
 * as typed (`"E"` is Shift+e), `writes` hides it from those who only read. `timeline.actions` are the `TicketActions`.
 */
export const ticketKeys = registry.category("servicedesk.ticket_keys");

/** A key for one of the ticket's actions. */
const act = (key, label, name, options = {}) => ({
    key,
    label,
    run: ({ actions }) => actions.run(name),
    available: ({ actions }) => actions.has(name),
    ...options,
});
const WRITES = { writes: true };

ticketKeys
    .add("next", act("j", _t("Next message"), "next"))
    .add("previous", act("k", _t("Previous message"), "previous"))
    .add("unread", act("u", _t("Next unread message"), "unread"))
    .add("reply_all", act("a", _t("Reply all"), "reply_all", WRITES))
    .add("forward", act("f", _t("Forward"), "forward", WRITES))
    .add("star", act("*", _t("Mark as important"), "star", WRITES))
    .add("take", act("t", _t("Assign ticket to me"), "action_take", WRITES))
    .add("wait", act("w", _t("Wait for…"), "wait", WRITES))
    .add("close", act("e", _t("Close ticket"), "action_ask_close", WRITES))
    .add("search", act("/", _t("Search in this ticket"), "search"))
    .add("fold", act("E", _t("Collapse or expand all"), "fold"))
    .add("side", act("b", _t("Side panel"), "side"))
    .add("print", act("p", _t("Print ticket"), "print"));

function writable(timeline) {
    return availableComposers(timeline.answering.state.channels || {});
}

/** All keys that work now, `[{id, key, label, run, available}]`: the ways to write first. */
export function currentKeys(timeline) {
    const writing = writable(timeline)
        .filter(({ hotkey }) => hotkey)
        .map(({ kind, hotkey, label }) => ({
            id: `write_${kind}`,
            key: hotkey,
            label: kind === "email" ? _t("Reply") : label,
            writes: true,
            run: () => timeline.answering.open(kind),
        }));
    const others = ticketKeys.getEntries().map(([id, entry]) => ({ id, ...entry }));
    return [...writing, ...others].filter(({ writes }) => !writes || timeline.canAnswer);
}

function find(timeline, wanted) {
    const found = currentKeys(timeline).find(wanted);
    return found && (!found.available || found.available(timeline)) ? found : null;
}

function run(timeline, wanted) {
    const found = timeline.pages.isReady && find(timeline, wanted);
    found && found.run(timeline);
    return Boolean(found);
}

/** Whether a letter is meant for what has the focus, or for something that lies above. */
function isTyping(ev, ui) {
    const busy = ui.activeElement !== document || document.querySelector(".o-dropdown--menu, .modal, .o_popover");
    return (
        busy ||
        ev.defaultPrevented ||
        ev.altKey ||
        ev.ctrlKey ||
        ev.metaKey ||
        ev.isComposing ||
        user.settings[OFF] ||
        ev.target.isContentEditable ||
        ev.target.closest?.(FIELDS)
    );
}

/** What the keys do, for those who look for it by its name. */
function useKeyCommands(timeline, showHelp) {
    for (const [id, { label }] of ticketKeys.getEntries()) {
        useCommand(label, () => void run(timeline, (one) => one.id === id), {
            category: "smart_action",
            isAvailable: () => Boolean(find(timeline, (one) => one.id === id)),
        });
    }
    const place = (kind) => ({ email: 0, note: 1 })[kind] ?? 2;
    const entries = composers.getEntries().sort(([a], [b]) => place(a) - place(b));
    for (const [kind, { words }] of entries.filter(([, entry]) => entry.words?.command)) {
        useCommand(words.command, () => timeline.answering.open(kind), {
            category: "smart_action",
            isAvailable: () => timeline.canAnswer && writable(timeline).some((one) => one.kind === kind),
        });
    }
    useCommand(_t("Keyboard shortcuts"), showHelp, { category: "smart_action" });
}

/** Letters for the ticket's screen, the same as commands in the palette, and a help on "?". */
export function useTicketKeys(timeline) {
    const dialog = useService("dialog");
    const ui = useService("ui");

    function showHelp() {
        dialog.add(KeysDialog, {
            keys: currentKeys(timeline),
            off: Boolean(user.settings[OFF]),
            switchOff: (off) => user.setUserSettings(OFF, off),
        });
    }

    useExternalListener(window, "keydown", (ev) => {
        if (isTyping(ev, ui)) {
            return;
        }
        // The typed character counts, not the key's place: QWERTZ and others have letters elsewhere.
        if (ev.key === "?") {
            ev.preventDefault();
            showHelp();
        } else if (run(timeline, ({ key }) => key === ev.key)) {
            ev.preventDefault();
        }
    });
    useKeyCommands(timeline, showHelp);
}
