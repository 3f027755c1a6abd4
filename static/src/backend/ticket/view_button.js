import { toRaw } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { ViewButton } from "@web/views/view_button/view_button";
import { ticketActionsOf, useTicketActions } from "./ticket_actions";

/** Whether the record is what its form is about, not a line in it. */
function isOfForm(record) {
    return toRaw(record.model?.root) === toRaw(record);
}

/** The buttons of a ticket's form, as its view has them, are actions by the name of their method. */
patch(ViewButton.prototype, {
    setup() {
        super.setup();
        const { record } = this.props;
        const { name } = this.clickParams;
        if (name && record?.resModel === "servicedesk.ticket" && isOfForm(record)) {
            const press = () => this.disabled || this.onClick(new MouseEvent("click"));
            useTicketActions(ticketActionsOf(record), { [name]: press }, { pauses: true });
        }
    },
});
