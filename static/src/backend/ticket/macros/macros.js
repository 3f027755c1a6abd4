import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useCommand } from "@web/core/commands/command_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** `<widget name="servicedesk_macros"/>`: the macros that fit the form's ticket, also in the command palette. */
export class Macros extends Component {
    static template = "servicedesk.Macros";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.ui = useService("ui");
        // Not by useService: on phones the menu around closes and destroys this component before the answer is there.
        this.orm = this.env.services.orm;
        this.notification = this.env.services.notification;
        this.command = this.env.services.command;
        this.state = useState({ macros: [], loaded: false });
        useCommand(_t("Run macro…"), () => this.choose(), { category: "smart_action" });
    }

    async load() {
        this.state.macros = await this.orm.call("servicedesk.macro", "get_offered", [[this.props.record.resId]]);
        this.state.loaded = true;
    }

    /** The palette with the macros as its entries. */
    async choose() {
        await this.load();
        return {
            placeholder: _t("Which macro?"),
            providers: [
                {
                    provide: () =>
                        this.state.macros.map((macro) => ({ name: macro.name, action: () => this.run(macro) })),
                },
            ],
        };
    }

    async choosePalette() {
        this.command.openPalette(await this.choose());
    }

    async run(macro) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        const done = await this.orm.call("servicedesk.macro", "run", [[macro.id], [record.resId]]);
        await record.load();
        this.notification.add(done, { type: "success" });
    }
}

registry.category("view_widgets").add("servicedesk_macros", { component: Macros });
