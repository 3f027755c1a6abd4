import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { ticketActionsOf, useTicketActions } from "../ticket_actions";

/** A menu in the ticket's status bar whose entries ask something first. */
class StateMenu extends Component {
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.ui = useService("ui");
        // Not by useService: on phones the menu around closes and destroys this component before the answer is there.
        this.orm = this.env.services.orm;
        this.action = this.env.services.action;
    }

    /** Open the dialog that a method of the ticket returns, on the saved ticket. */
    async openDialog(method, ...args) {
        const { record } = this.props;
        if (await record.save()) {
            const action = await this.orm.call("servicedesk.ticket", method, [[record.resId], ...args]);
            await this.action.doAction(action, { onClose: () => record.load() });
        }
    }
}

/** "Wait": one click per reason; a date is asked for, and on phones everything is. */
export class WaitMenu extends StateMenu {
    static template = "servicedesk.WaitMenu";

    setup() {
        super.setup();
        this.dropdown = useDropdownState();
        useTicketActions(
            ticketActionsOf(this.props.record),
            { wait: () => this.dropdown.open() },
            { pauses: true, isThere: () => !this.ui.isSmall },
        );
    }

    get reasons() {
        const { selection } = this.props.record.fields.waiting_for;
        return selection.filter(([value]) => value !== "date").map(([value, label]) => ({ value, label }));
    }

    async waitFor(reason) {
        const { record } = this.props;
        if (await record.save()) {
            await this.orm.call("servicedesk.ticket", "action_wait", [[record.resId]], {
                context: { waiting_for: reason },
            });
            await record.load();
        }
    }

    ask(reason = "customer") {
        return this.openDialog("action_ask_wait", reason);
    }
}

registry.category("view_widgets").add("servicedesk_wait_menu", {
    component: WaitMenu,
    fieldDependencies: [{ name: "waiting_for", type: "selection" }],
});

/** The caret beside "Reopen": not now, but on a day and minute. On phones an entry of its own. */
export class ReopenMenu extends StateMenu {
    static template = "servicedesk.ReopenMenu";

    ask() {
        return this.openDialog("action_ask_reopen_at");
    }
}

registry.category("view_widgets").add("servicedesk_reopen_menu", { component: ReopenMenu });
