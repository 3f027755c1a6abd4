import { onWillDestroy, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { adopt, followChanges } from "./live_record";

const SHOWN_FOR = 10_000;

/**
 * The time line's part in being together on a ticket: it tells that one is here and writes, and brings what others
 * change into the form, with their names.
 *
 * @param {Object} parts
 * @param {number} parts.ticketId
 * @param {() => Object | undefined} parts.getRecord of the form around
 * @param {() => string | undefined} parts.getWriting kind of what is being written
 * @returns {{state: {changes: Object[], conflicts: string[]}}} `changes`: events to show, `conflicts`: fields that
 *      somebody else has changed and the user has, too, without saving
 */
export function usePresence({ ticketId, getRecord, getWriting }) {
    const service = useService("servicedesk.presence");
    const presence = service.enter(ticketId);
    const state = useState({ changes: [], conflicts: [] });
    let timer;

    onWillDestroy(() => {
        browser.clearTimeout(timer);
        service.leave(ticketId);
    });

    function dismiss() {
        browser.clearTimeout(timer);
        Object.assign(state, { changes: [], conflicts: [] });
    }

    return {
        state,
        dismiss,

        showReaders(readers) {
            if (readers) {
                presence.readers = readers;
            }
        },

        onInput({ target }) {
            const kind = getWriting();
            if (target.closest(".o_sd_discussion")) {
                presence.typed("note");
            } else if (kind && target.closest(".o_sd_composer")) {
                presence.typed(kind === "forward" ? "email" : kind);
            }
        },

        stopWriting() {
            presence.typed("");
        },

        /** Entries have come in while the screen is open; what they changed goes into the form. */
        async onArrived(entries) {
            const events = entries.filter(({ type, kind }) => type === "event" && kind !== "created");
            const record = getRecord();
            if (!events.length || !record || record.isNew) {
                return;
            }
            const names = [...new Set(events.map(({ kind }) => kind))];
            const conflicts = await followChanges(record, names, document.querySelector(".o_sd_ticket"));
            const foreign = events.filter(({ user_id: author }) => author && author !== user.userId);
            const shown = conflicts.length ? events.filter(({ kind }) => conflicts.includes(kind)) : foreign;
            if (shown.length) {
                browser.clearTimeout(timer);
                const all = [...new Set([...state.conflicts, ...conflicts])];
                // A choice that is still open stays on top of what is only news.
                const kept = state.changes.filter(({ kind }) => state.conflicts.includes(kind));
                Object.assign(state, { conflicts: all, changes: all.length ? [...kept, ...shown] : shown });
                if (!all.length) {
                    timer = browser.setTimeout(dismiss, SHOWN_FOR);
                }
            }
        },

        async takeOver() {
            await adopt(getRecord(), [...state.conflicts]);
            dismiss();
        },
    };
}
