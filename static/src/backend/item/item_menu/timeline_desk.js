import { useEnv, useSubEnv } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** Open composers put the promise of their save into the list that comes along. */
export const SAVE_DRAFT = "SERVICEDESK:SAVE_DRAFT";

/**
 * What a time line offers to the menus and cards in it:
 * `{ticketId, canWrite, orm, dialog, action, refresh(), discuss(item), prepare(kind, make), open(method, id),
 * select(item | null), show(id)}`. Null outside of a time line.
 */
export function useDesk() {
    return useEnv().servicedeskDesk || null;
}

/** Give the components of this time line their desk. */
export function provideDesk(timeline) {
    const desk = new TimelineDesk(timeline, {
        orm: useService("orm"),
        dialog: useService("dialog"),
        action: useService("action"),
        notification: useService("notification"),
    });
    useSubEnv({ servicedeskDesk: desk });
    return desk;
}

class TimelineDesk {
    constructor(timeline, services) {
        this.timeline = timeline;
        Object.assign(this, services);
    }

    get ticketId() {
        return this.timeline.props.ticketId;
    }

    get canWrite() {
        return this.timeline.canAnswer;
    }

    refresh() {
        return this.timeline.pages.refresh();
    }

    show(id) {
        return this.timeline.navigation.showItem(id);
    }

    discuss(item) {
        this.timeline.place.atEnd = false;
        this.timeline.state.discussing = { id: item.id, write: true };
    }

    /** Let the server make a draft, then open it; what stands in an open composer is stored before. */
    async prepare(kind, make) {
        const { env, state } = this.timeline;
        const pending = [];
        env.bus.trigger(SAVE_DRAFT, pending);
        if ((await Promise.all(pending)).includes(false)) {
            return; // the composer says why, and keeps what was typed
        }
        const before = state.answer;
        state.answer = null;
        try {
            await make();
        } catch (error) {
            state.answer = before;
            this.notification.add(error.data?.message || error.message, { type: "warning" });
            return;
        }
        this.timeline.answering.open(kind);
    }

    /** Run a method of the item that opens something. */
    async open(method, id) {
        const action = await this.orm.call("servicedesk.item", method, [[id]]);
        await this.action.doAction(action, { onClose: () => this.timeline.reloadRecord() });
    }

    /** Start ticking items, tick another one, or (null) end it. */
    select(item) {
        const { state } = this.timeline;
        if (!item) {
            state.selected = null;
            return;
        }
        const ids = state.selected || [];
        state.selected = ids.includes(item.id) ? ids.filter((id) => id !== item.id) : [...ids, item.id];
    }

    /**
     * After a mail to a third party: it may be their move now, which nobody but the agent knows.
     *
     * @param {boolean} forwarded what was sent is known for one; else the newest mail says whether it was
     */
    offerWaiting(forwarded) {
        const last = this.timeline.state.entries.findLast(({ type, kind }) => type === "item" && kind === "email");
        if (!forwarded && (!last?.third_party || last.direction !== "out")) {
            return;
        }
        const close = this.notification.add(_t("The ticket stays open. Is it their move now?"), {
            type: "info",
            buttons: [
                {
                    name: _t("Wait for the third party"),
                    onClick: async () => {
                        close();
                        await this.orm.call("servicedesk.ticket", "action_wait", [[this.ticketId]], {
                            context: { waiting_for: "third_party" },
                        });
                        await this.timeline.reload();
                    },
                },
            ],
        });
    }
}
