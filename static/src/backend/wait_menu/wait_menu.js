import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** "Wait" in the ticket's status bar: one click per reason; a date is asked for, and on phones everything is. */
export class WaitMenu extends Component {
    static template = "servicedesk.WaitMenu";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.ui = useService("ui");
        // Not by useService: on phones the menu around closes and destroys this component before the answer is there.
        this.orm = this.env.services.orm;
        this.action = this.env.services.action;
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

    async ask(reason = "customer") {
        const { record } = this.props;
        if (await record.save()) {
            const action = await this.orm.call("servicedesk.ticket", "action_ask_wait", [[record.resId], reason]);
            await this.action.doAction(action, { onClose: () => record.load() });
        }
    }
}

registry.category("view_widgets").add("servicedesk_wait_menu", {
    component: WaitMenu,
    fieldDependencies: [{ name: "waiting_for", type: "selection" }],
});

/** The caret beside "Reopen": not now, but on a day and minute. On phones an entry of its own. */
export class ReopenMenu extends Component {
    static template = "servicedesk.ReopenMenu";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.ui = useService("ui");
        // As above.
        this.orm = this.env.services.orm;
        this.action = this.env.services.action;
    }

    async ask() {
        const { record } = this.props;
        if (await record.save()) {
            const action = await this.orm.call("servicedesk.ticket", "action_ask_reopen_at", [[record.resId]]);
            await this.action.doAction(action, { onClose: () => record.load() });
        }
    }
}

registry.category("view_widgets").add("servicedesk_reopen_menu", { component: ReopenMenu });
