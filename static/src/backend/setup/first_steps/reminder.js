import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";

const systray = registry.category("systray");

const OURS = "servicedesk.menu_root";

/** In the top bar of an administrator whose desk has not answered anybody yet; other apps are left in peace. */
export class FirstStepsReminder extends Component {
    static template = "servicedesk.FirstStepsReminder";
    static props = {};

    setup() {
        this.action = useService("action");
        this.menu = useService("menu");
        this.state = useState({ shown: true, app: this.menu.getCurrentApp()?.xmlid });
        useBus(this.env.bus, "MENUS:APP-CHANGED", () => (this.state.app = this.menu.getCurrentApp()?.xmlid));
        useBus(this.env.bus, "SERVICEDESK:FIRST_STEPS_FINISHED", () => (this.state.shown = false));
    }

    get isShown() {
        return this.state.shown && this.state.app === OURS;
    }

    open() {
        return this.action.doAction("servicedesk.first_steps_action", { clearBreadcrumbs: true });
    }
}

registry.category("services").add("servicedesk.first_steps", {
    dependencies: ["orm"],
    async start(env, { orm }) {
        if (!(await user.hasGroup("servicedesk.group_admin"))) {
            return;
        }
        // not waited for: the screen need not stand still for an invitation, and the menu leads there too
        orm.silent.call("servicedesk.first.steps", "is_needed", []).then(
            (needed) =>
                needed && systray.add("servicedesk.first_steps", { Component: FirstStepsReminder }, { sequence: 26 }),
            () => {},
        );
    },
});
