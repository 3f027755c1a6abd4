import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { ticketActionsOf, useTicketActions } from "./ticket_actions";

const STORED = "servicedesk.side_hidden";

/** Folds the side panel away: remembered on wide screens, on phones it starts folded and lies over the time line. */
export class SideToggle extends Component {
    static template = "servicedesk.SideToggle";
    static props = { ...standardWidgetProps };

    setup() {
        this.ui = useService("ui");
        this.root = useRef("root");
        this.state = useState({ shown: !this.ui.isSmall && !browser.localStorage.getItem(STORED) });
        useTicketActions(ticketActionsOf(this.props.record), { side: () => this.toggle() });
        useEffect(
            (shown, el) => {
                el?.closest(".o_form_renderer")?.classList.toggle("o_sd_side_shown", shown);
            },
            () => [this.state.shown, this.root.el],
        );
    }

    toggle() {
        this.state.shown = !this.state.shown;
        if (!this.ui.isSmall) {
            this.state.shown ? browser.localStorage.removeItem(STORED) : browser.localStorage.setItem(STORED, "1");
        }
    }
}

registry.category("view_widgets").add("servicedesk_side_toggle", { component: SideToggle });
