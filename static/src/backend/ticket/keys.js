import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useCommand } from "@web/core/commands/command_hook";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { useExternalListener } from "@odoo/owl";
import { availableComposers } from "../composer/composer_tabs/composer_tabs";
import { KeysDialog } from "./keys_dialog";

const OFF = "servicedesk_keys_off";
const FIELDS = "input, textarea, select, [contenteditable=true]";

/** Asks the side panel, over `env.bus`, to fold or unfold. */
export const TOGGLE_SIDE = "SERVICEDESK:TOGGLE_SIDE";

/**
 * What can be done on a ticket by one key. The key of the registry is a name; an entry is
 * `{key, label, run: (timeline) => any, writes?: boolean, available?: (timeline) => boolean}`: `key` is the character
 * as typed (`"E"` is Shift+e), `writes` hides it from those who only read.
 */
export const ticketKeys = registry.category("servicedesk.ticket_keys");

const press = (selector) => () => document.querySelector(`.o_sd_ticket ${selector}`)?.click();
const isThere = (selector) => () => Boolean(document.querySelector(`.o_sd_ticket ${selector}`));
const button = (name) => `button[name=${name}]`;
const onButton = (key, label, selector) => ({
    key,
    label,
    writes: true,
    run: press(selector),
    available: isThere(selector),
});

ticketKeys
    .add("next", { key: "j", label: _t("Next item"), run: (timeline) => timeline.navigation.focusNeighbour(1) })
    .add("previous", {
        key: "k",
        label: _t("Previous item"),
        run: (timeline) => timeline.navigation.focusNeighbour(-1),
    })
    .add("unread", { key: "u", label: _t("Next unread item"), run: (timeline) => timeline.navigation.showUnread() })
    .add("reply_all", {
        key: "a",
        label: _t("Reply to all"),
        writes: true,
        run: (timeline) => timeline.answering.open("email", timeline.navigation.lastIncomingId, true),
    })
    .add("forward", { key: "f", label: _t("Forward"), writes: true, run: (timeline) => timeline.forwardCurrent() })
    .add("star", {
        key: "*",
        label: _t("Mark as important"),
        writes: true,
        run: (timeline) => timeline.starCurrent(),
    })
    .add("take", onButton("t", _t("Take the ticket"), button("action_take")))
    .add("wait", onButton("w", _t("Wait for…"), ".o_sd_wait"))
    .add("close", onButton("e", _t("Close the ticket"), button("action_ask_close")))
    .add("search", {
        key: "/",
        label: _t("Search in this ticket"),
        run: (timeline) => timeline.navigation.openSearch(),
    })
    .add("fold", { key: "E", label: _t("Collapse or expand all"), run: (timeline) => timeline.view.toggleFolded() })
    .add("side", {
        key: "b",
        label: _t("Side panel"),
        run: (timeline) => timeline.env.bus.trigger(TOGGLE_SIDE),
    })
    .add("print", { key: "p", label: _t("Print the ticket"), run: (timeline) => timeline.print() });

/** All keys that work now, `[{id, key, label, run, available}]`: the ways to write first. */
export function currentKeys(timeline) {
    const writing = availableComposers(timeline.answering.state.channels || {})
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

    function run(wanted) {
        const found = currentKeys(timeline).find(wanted);
        if (found && timeline.pages.isReady && (!found.available || found.available(timeline))) {
            found.run(timeline);
            return true;
        }
    }

    useExternalListener(window, "keydown", (ev) => {
        const busy = ui.activeElement !== document || document.querySelector(".o-dropdown--menu, .modal, .o_popover");
        if (busy || ev.defaultPrevented || ev.altKey || ev.ctrlKey || ev.metaKey || ev.isComposing) {
            return;
        }
        if (user.settings[OFF] || ev.target.isContentEditable || ev.target.closest?.(FIELDS)) {
            return;
        }
        // The typed character counts, not the key's place: QWERTZ and others have letters elsewhere.
        if (ev.key === "?") {
            ev.preventDefault();
            showHelp();
        } else if (run(({ key }) => key === ev.key)) {
            ev.preventDefault();
        }
    });
    for (const [id, { label }] of ticketKeys.getEntries()) {
        useCommand(label, () => void run((one) => one.id === id), {
            category: "smart_action",
            isAvailable: () => {
                const found = currentKeys(timeline).find((one) => one.id === id);
                return Boolean(found) && (!found.available || found.available(timeline));
            },
        });
    }
    for (const kind of ["email", "note", "sms", "call", "meeting"]) {
        const id = `write_${kind}`;
        const words = {
            email: _t("Reply"),
            note: _t("Write an internal note"),
            sms: _t("Write an SMS"),
            call: _t("Write down a call"),
            meeting: _t("Write down a meeting"),
        };
        useCommand(words[kind], () => timeline.answering.open(kind), {
            category: "smart_action",
            isAvailable: () =>
                timeline.canAnswer &&
                (currentKeys(timeline).some((one) => one.id === id) ||
                    availableComposers(timeline.answering.state.channels || {}).some((one) => one.kind === kind)),
        });
    }
    useCommand(_t("Keys on tickets"), showHelp, { category: "smart_action" });
}

/** Let `toggle` run when somebody asks for the side panel. */
export function useSideKey(env, toggle) {
    useBus(env.bus, TOGGLE_SIDE, toggle);
}
