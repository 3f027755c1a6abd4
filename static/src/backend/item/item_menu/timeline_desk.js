import { useEnv, useSubEnv } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/**
 * What a time line offers to the menus and cards in it:
 * `{ticketId, canWrite, orm, dialog, action, refresh(), discuss(item), prepare(kind, make), open(method, id),
 * select(item | null), show(id)}`. Null outside of a time line.
 */
export function useDesk() {
    return useEnv().servicedeskDesk || null;
}

/**
 * Give the components of this time line their desk.
 *
 * @param {Object} parts of the time line
 * @param {number} parts.ticketId
 * @param {() => boolean} parts.canAnswer
 * @param {Pages} parts.pages
 * @param {FeedPlace} parts.place
 * @param {FeedView} parts.view
 * @param {Navigation} parts.navigation
 * @param {Answering} parts.answering
 * @param {() => Promise<void>} parts.reload brings entries and fields up to date
 * @param {() => Promise<void>} parts.reloadRecord brings the fields up to date
 */
export function provideDesk(parts) {
    const desk = new TimelineDesk(parts, {
        orm: useService("orm"),
        dialog: useService("dialog"),
        action: useService("action"),
        notification: useService("notification"),
    });
    useSubEnv({ servicedeskDesk: desk });
    return desk;
}

class TimelineDesk {
    constructor(parts, services) {
        Object.assign(this, { parts, ticketId: parts.ticketId, ...services });
    }

    get canWrite() {
        return this.parts.canAnswer();
    }

    refresh() {
        return this.parts.pages.refresh();
    }

    show(id) {
        return this.parts.navigation.showItem(id);
    }

    discuss(item) {
        this.parts.place.atEnd = false;
        this.parts.view.openDiscussion(item.id, { write: true });
    }

    prepare(kind, make) {
        return this.parts.answering.prepare(kind, make);
    }

    select(item) {
        this.parts.view.select(item);
    }

    /** Run a method of the item that opens something. */
    async open(method, id) {
        const action = await this.orm.call("servicedesk.item", method, [[id]]);
        await this.action.doAction(action, { onClose: () => this.parts.reloadRecord() });
    }

    /**
     * After a mail to a third party: it may be their move now, which nobody but the agent knows.
     *
     * @param {boolean} forwarded what was sent is known for one; else the newest mail says whether it was
     */
    offerWaiting(forwarded) {
        const last = this.parts.pages.findLast(({ type, kind }) => type === "item" && kind === "email");
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
                        await this.parts.reload();
                    },
                },
            ],
        });
    }
}
