import { useService } from "@web/core/utils/hooks";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { Conversation } from "@servicedesk/backend/item/conversation/conversation";
import { MeetingForm } from "@servicedesk/backend/composer/meeting_form/meeting_form";

const FIELD = "calendar_event_id";

patch(MeetingForm, {
    components: { ...MeetingForm.components, RecordSelector },
    fields: [...MeetingForm.fields, FIELD],
});

/** The event of a meeting: a new one in Odoo's own form, or one that is in the calendar already. */
patch(MeetingForm.prototype, {
    setup() {
        super.setup();
        this.orm = useService("orm");
        this.dialog = useService("dialog");
    },

    get eventHint() {
        return _t("choose an event, or add a new one");
    },

    async addToCalendar() {
        const { started_at, duration, location, participant_ids } = this.draft.form;
        try {
            const context = await this.orm.call("servicedesk.item", "prepare_calendar_event", [
                this.props.ticketId,
                { started_at, duration, location, participant_ids },
            ]);
            this.dialog.add(FormViewDialog, {
                resModel: "calendar.event",
                title: _t("Add to calendar"),
                context,
                canExpand: false,
                onRecordSaved: ({ resId }) => this.setEvent(resId),
            });
        } catch (error) {
            this.draft.fail(error);
        }
    },

    /** What the form does not say yet, the event says. */
    async setEvent(id) {
        this.draft.update({ [FIELD]: id });
        if (!id) {
            return;
        }
        try {
            const event = await this.orm.call("servicedesk.item", "read_calendar_event", [id]);
            const { started_at, location, participant_ids } = this.draft.form;
            this.draft.update({
                ...(started_at ? {} : { started_at: event.started_at, duration: event.duration }),
                location: location || event.location,
                participant_ids: [...new Set([...participant_ids, ...event.participant_ids])],
            });
        } catch (error) {
            this.draft.update({ [FIELD]: false });
            this.draft.fail(error);
        }
    },
});

patch(Conversation.prototype, {
    setup() {
        super.setup?.();
        this.action = useService("action");
    },

    openEvent() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "calendar.event",
            res_id: this.props.item.event.id,
            views: [[false, "form"]],
        });
    },
});
