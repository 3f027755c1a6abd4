import { registry } from "@web/core/registry";

const head = ".o_sd_head .o_sd_sla";

registry.category("web_tour.tours").add("servicedesk_sla", {
    steps: () => [
        { content: "On track", trigger: ".o_data_row:contains(On track) .o_sd_sla_plain:contains(min)" },
        { content: "At risk", trigger: ".o_data_row:contains(At risk) .o_sd_sla_warn:contains(min)" },
        { content: "Overdue says so", trigger: ".o_data_row:contains(Too late) .o_sd_sla_danger:contains(overdue)" },
        { content: "Only what is overdue", trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_filter_menu .o_menu_item:contains(Overdue)", run: "click" },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains(On track)))" },
        { trigger: ".o_data_row:contains(Too late) td[name=subject]", run: "click" },
        { content: "The ticket says so too", trigger: `${head}.o_sd_sla_danger:contains(Resolution: overdue)` },
        { content: "Which promise, and why", trigger: ".o_sd_promises:contains(default of the department Support)" },
        { trigger: ".o_sd_event:contains(Deadline passed)" },
        { trigger: ".o_sd_event:contains(notified: Manager)" },
        { content: "Waiting stops the clock", trigger: ".o_sd_wait", run: "click" },
        { trigger: ".o-dropdown-item:has([data-reason=customer])", run: "click" },
        {
            content: "It says why, and what is left",
            trigger: `${head}.o_sd_sla_muted:contains(waiting for the customer):contains(left)`,
        },
        { content: "Once is enough", trigger: ".o_sd_props:not(:has(.o_sd_waiting [name=waiting_for]))" },
    ],
});
