import { registry } from "@web/core/registry";

const open = (subject) => ({
    content: `Open ${subject}`,
    trigger: `.o_data_row td[name=subject]:contains(${subject})`,
    run: "click",
});

registry.category("web_tour.tours").add("servicedesk_wait_until", {
    steps: () => [
        open("VPN falls"),
        { trigger: ".o_sd_wait", run: "click" },
        { trigger: ".o-dropdown--menu [data-reason=date]", run: "click" },
        { content: "A date is what was chosen", trigger: ".modal input[type=radio][data-value=date]:checked" },
        { trigger: ".modal .o_field_widget[name=reopen_at] input, .modal [name=reopen_at] button", run: "click" },
        {
            trigger: ".modal .o_field_widget[name=reopen_at] input",
            run: "edit 12/24/2036 10:30:00",
        },
        { trigger: ".modal .modal-title, .modal-header", run: "click" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_arrow_button_current[data-value=waiting]" },
        { trigger: ".o_sd_waiting [name=reopen_at]:contains(24)" },
        { content: "Reopen by hand", trigger: "button[name=action_reopen]", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=open]" },
        { content: "The date has gone with it", trigger: ".o_sd_ticket:not(:has(.o_sd_waiting))" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_reopen_on", {
    steps: () => [
        { trigger: ".o_sd_ticket .o_arrow_button_current[data-value=closed]" },
        { content: "The caret beside Reopen", trigger: ".o_sd_reopen_menu", run: "click" },
        { trigger: ".o-dropdown--menu [data-reason=date]", run: "click" },
        {
            content: "Only the date is asked for",
            trigger: ".modal:not(:has([name=status_id], [name=waiting_for]))",
        },
        { trigger: ".modal .o_field_widget[name=reopen_at] input, .modal [name=reopen_at] button", run: "click" },
        { trigger: ".modal .o_field_widget[name=reopen_at] input", run: "edit 12/24/2036 10:30:00" },
        { trigger: ".modal .modal-title, .modal-header", run: "click" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        {
            content: "The ticket says when",
            trigger: "body:not(:has(.modal)) .o_sd_waiting [name=reopen_at]:contains(24)",
        },
        { content: "It stays closed until then", trigger: ".o_arrow_button_current[data-value=closed]" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_close_with_status", {
    steps: () => [
        open("Printer jams"),
        { trigger: "button[name=action_ask_close]", run: "click" },
        { content: "The category demands a status", trigger: ".modal .o_required_modifier[name=status_id]" },
        { trigger: ".modal [name=status_id] input", run: "click" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Solved remotely)", run: "click" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_arrow_button_current[data-value=closed]" },
        { trigger: ".o_sd_props [name=status_id] input:value(Solved remotely)" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_merge", {
    steps: () => [
        ...["VPN falls", "VPN again"].map((subject) => ({
            trigger: `.o_data_row:has(td[name=subject]:contains(${subject})) .o_list_record_selector input`,
            run: "click",
        })),
        { trigger: ".o_cp_action_menus button:contains(Actions)", run: "click" },
        { trigger: ".o-dropdown--menu .o-dropdown-item:contains(Merge tickets)", run: "click" },
        { content: "What will happen is said before", trigger: ".modal .o_sd_preview:contains(will be archived)" },
        { trigger: ".modal .o_sd_preview:contains(undone for 30 days)" },
        { trigger: ".modal button[name=action_merge]", run: "click" },
        { trigger: ".o_sd_item .o_sd_body:shadow .o_sd_text:contains(It happens again)" },
        { trigger: ".o_sd_item .o_sd_body:shadow .o_sd_text:contains(every ten minutes)" },
        { trigger: ".o_sd_merges button:contains(Undo)", run: "click" },
        { trigger: ".modal button[name=action_undo]", run: "click" },
        {
            content: "The other's words are gone",
            trigger:
                "body:not(:has(.modal)) .o_sd_timeline:not(:has(.o_sd_body:shadow .o_sd_text:contains(It happens again))) .o_sd_body:shadow .o_sd_text:contains(every ten minutes)",
        },
        { trigger: ".o_sd_ticket:not(:has(.o_sd_merges:not(.o_invisible_modifier) .o_data_row))" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_kanban_asks", {
    steps: () => [
        { trigger: ".o_switch_view.o_kanban", run: "click" },
        {
            content: "A card dragged to Waiting asks for the reason",
            trigger: ".o_kanban_record:contains(VPN falls)",
            run: "drag_and_drop .o_kanban_group:nth-child(2) .o_kanban_header",
        },
        { trigger: ".modal input[type=radio][data-value=third_party]", run: "click" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        {
            content: "Only open tickets are shown",
            trigger: "body:not(:has(.modal)) .o_kanban_renderer:not(:has(.o_kanban_record:contains(VPN falls)))",
        },
    ],
});
