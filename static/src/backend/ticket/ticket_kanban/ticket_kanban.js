import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

/** Cards dragged into another state ask what the change needs: the reason to wait for, a demanded status. */
export class TicketKanbanRenderer extends KanbanRenderer {
    setup() {
        super.setup();
        this.orm = useService("orm");
        this.action = useService("action");
    }

    async sortRecordDrop(dataRecordId, dataGroupId, params) {
        const { list } = this.props;
        const target = list.isGrouped && list.groups.find((group) => group.id === params.parent?.dataset.id);
        if (target && target.id !== dataGroupId && target.groupByField.name === "state") {
            const record = list.groups
                .flatMap((group) => group.list.records)
                .find((candidate) => candidate.id === dataRecordId);
            const question = await this.orm.call("servicedesk.ticket", "get_state_question", [
                [record.resId],
                target.value,
            ]);
            if (question) {
                params.parent.classList.remove("o_kanban_hover");
                return this.action.doAction(question, { onClose: () => list.model.load() });
            }
        }
        return super.sortRecordDrop(dataRecordId, dataGroupId, params);
    }
}

registry.category("views").add("servicedesk_ticket_kanban", { ...kanbanView, Renderer: TicketKanbanRenderer });
