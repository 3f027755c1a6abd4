import { Component, onMounted, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Attachments } from "../../item/attachments/attachments";
import { ClientNote } from "../../client/client_note/client_note";
import { FilesDialog } from "../../item/gallery/files_dialog";
import { useTicketEnv } from "../../item/gallery/ticket_gallery";
import { SHOW_ITEM } from "../../timeline/timeline";

/** Beside the time line: how to reach the contact, the client's other tickets, the ticket's newest files. */
export class TicketContext extends Component {
    static template = "servicedesk.TicketContext";
    static components = { Attachments, ClientNote };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.state = useState({ data: null });
        useTicketEnv(() => this.ticketId);
        this.loadSoon = useDebounced(() => this.load(), 300);
        useRecordObserver((record) => {
            const ticketId = record.resId;
            if (ticketId !== this.ticketId) {
                this.ticketId = ticketId;
                this.state.data = null;
                this.loadSoon();
            }
        });
        useBus(this.props.record.model.bus, "update", () => !this.props.record.dirty && this.loadSoon());
        onMounted(() => this.loadSoon());
    }

    async load() {
        const { ticketId } = this;
        if (ticketId) {
            const data = await this.orm.silent.call("servicedesk.timeline", "get_context", [ticketId]);
            if (ticketId === this.ticketId) {
                this.state.data = data;
            }
        }
    }

    openFiles() {
        this.dialog.add(
            FilesDialog,
            { ticketId: this.ticketId, showItem: (id) => this.env.bus.trigger(SHOW_ITEM, id) },
            { onClose: () => this.loadSoon() },
        );
    }

    stateClass(state) {
        return { open: "o_sd_state_open", waiting: "o_sd_state_waiting" }[state] || "o_sd_muted";
    }

    openTicket(id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "servicedesk.ticket",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    async openAll() {
        const action = await this.orm.call("res.partner", "action_servicedesk_tickets", [[this.state.data.client_id]]);
        this.action.doAction(action);
    }
}

registry.category("view_widgets").add("servicedesk_context", { component: TicketContext });
