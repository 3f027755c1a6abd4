import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const open = (subject) => ({
    content: `Open ${subject}`,
    trigger: `.o_data_row td[name=subject]:contains(${subject})`,
    run: "click",
});
const bell = { content: "The bell", trigger: ".o_sd_notices_toggle", run: "click" };
const notice = (words) => `.o_sd_notices .o_sd_notice:contains(${words})`;
const choose = (field, words) => [
    { trigger: `.modal [name=${field}] input`, run: `edit ${words}` },
    { trigger: `.o-autocomplete--dropdown-item:contains(${words})`, run: "click" },
];

tours.add("servicedesk_take_and_hand_over", {
    steps: () => [
        open("VPN falls"),
        { trigger: "button[name=action_take]", run: "click" },
        {
            content: "It is taken, nobody can take it twice",
            trigger: ".o_statusbar_buttons:not(:has(button[name=action_take]))",
        },
        { trigger: "button[name=action_hand_over]", run: "click" },
        ...choose("user_id", "Junior"),
        { content: "What happens is said before", trigger: ".modal [name=summary]:contains(→ Junior)" },
        { content: "Not without a reason", trigger: ".modal .o_required_modifier[name=reason]" },
        { trigger: ".modal [name=reason] input", run: "edit You know their router" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        // Now it is a colleague's: whose it is reads as plain text.
        { trigger: "body:not(:has(.modal)) .o_sd_props [name=owner_id]:not(:has(input)):contains(Junior)" },
        { trigger: ".o_sd_timeline:contains(You know their router)" },
    ],
});

tours.add("servicedesk_bell", {
    steps: () => [
        { trigger: ".o_sd_notices_toggle .o_sd_notices_count:contains(1)" },
        bell,
        { content: "With the reason", trigger: notice("You know their router") },
        { trigger: notice("VPN falls"), run: "click" },
        {
            content: "The ticket",
            trigger: ".o_sd_ticket .o_sd_timeline .o_sd_body:shadow .o_sd_text:contains(every ten minutes)",
        },
        { content: "It is read", trigger: ".o_sd_notices_toggle:not(:has(.o_sd_notices_count))" },
    ],
});

tours.add("servicedesk_substitute", {
    steps: () => [
        open("The clerk's matter"),
        { trigger: ".o_sd_answers .o_sd_note", run: "click" },
        { trigger: ".o_sd_composer .odoo-editor-editable", run: "editor I do it meanwhile." },
        { trigger: ".o_sd_send", run: "click" },
        {
            content: "What is done is marked as done for the absent",
            trigger: ".o_sd_item:contains(for Clerk) .o_sd_body:shadow .o_sd_text:contains(I do it meanwhile.)",
        },
    ],
});

tours.add("servicedesk_substitution_over", {
    steps: () => [
        { content: "One's own is there", trigger: ".o_data_row td[name=subject]:contains(VPN falls)" },
        { trigger: ".o_list_view:not(:contains(The clerk's matter))" },
    ],
});

tours.add("servicedesk_rule_try", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=name] input", run: "edit Printers" },
        { trigger: ".o_field_widget[name=subject_words] input", run: "edit printer, tiskarna" },
        { trigger: ".o_field_widget[name=tag_ids] input", run: "edit Paper" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Paper)", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: "button[name=action_try]", run: "click" },
        { content: "It says how many", trigger: ".o_breadcrumb:contains(matches 1 of the last)" },
        { content: "Without accents", trigger: ".o_data_row td[name=subject]:contains(Tiskárna tiskne prázdné)" },
        { content: "Not this one", trigger: ".o_list_view:not(:has(td[name=subject]:contains(VPN falls)))" },
    ],
});

tours.add("servicedesk_rule_hits", {
    steps: () => [
        { trigger: ".o_data_row:contains(Printers) td[name=hits]:contains(1)", run: "click" },
        { trigger: "button[name=action_show_hits]", run: "click" },
        { trigger: ".o_data_row td[name=subject]:contains(New printer)" },
    ],
});

tours.add("servicedesk_macro", {
    steps: () => [
        open("VPN falls"),
        { content: "The bolt", trigger: ".o_sd_macros", run: "click" },
        {
            content: "What it will do is said",
            trigger: ".o-dropdown--menu .o-dropdown-item:contains(Hurry):contains(Set priority)",
            run: "click",
        },
        { trigger: ".o_notification:contains(Done: Hurry)" },
        { trigger: ".o_sd_props [name=priority] .fa-star:eq(1)" },
        { content: "From the palette", trigger: ".o_sd_head", run: "press control+k" },
        { trigger: ".o_command_palette_search input", run: "edit macro" },
        { trigger: ".o_command.focused:contains(Run macro)" },
        { trigger: ".o_command_palette_search input", run: "press Enter" },
        { trigger: ".o_command:contains(Set aside)", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=waiting]" },
        { trigger: ".o_sd_timeline .o_sd_body:shadow .o_sd_text:contains(Nothing to do today.)" },
    ],
});

tours.add("servicedesk_macro_selection", {
    steps: () => [
        ...["VPN again", "VPN once more"].map((subject) => ({
            trigger: `.o_data_row:has(td[name=subject]:contains(${subject})) .o_list_record_selector input`,
            run: "click",
        })),
        { trigger: ".o_cp_action_menus button:contains(Actions)", run: "click" },
        { trigger: ".o-dropdown--menu .o-dropdown-item:contains(Run macro)", run: "click" },
        ...choose("macro_id", "Set aside"),
        { content: "On how many", trigger: ".modal [name=summary]:contains(Tickets)" },
        { trigger: ".modal button[name=action_run]", run: "click" },
        { trigger: ".o_notification:contains(Done, tickets 2)" },
        {
            content: "The list knows",
            trigger: ".o_list_view:not(:contains(VPN again)) .o_data_row:contains(VPN falls)",
        },
    ],
});

tours.add("servicedesk_claimed_internal", {
    steps: () => [
        open("VPN falls"),
        { trigger: ".o_sd_claimed:contains(Is it yours?)" },
        { trigger: ".o_sd_claimed [data-action=internal]", run: "click" },
        {
            trigger:
                ".o_sd_timeline:not(:has(.o_sd_claimed)) .o_sd_item .o_sd_body:shadow .o_sd_text:contains(Restart the router)",
        },
    ],
});

tours.add("servicedesk_claimed_answer", {
    steps: () => [
        open("VPN falls"),
        { trigger: ".o_sd_claimed [data-action=send]", run: "click" },
        {
            content: "It is a draft, to be looked at and sent",
            trigger: ".o_sd_composer .odoo-editor-editable:contains(Restart the router)",
        },
        { trigger: ".o_sd_timeline:not(:has(.o_sd_claimed))" },
    ],
});

tours.add("servicedesk_notice_settings", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(New customer message) [name=mail] input:not(:checked)",
            run: "click",
        },
        { trigger: ".o_data_row:contains(New customer message) [name=mail] input:checked" },
        { trigger: ".o_data_row:contains(You are mentioned) [name=inbox] input:checked" },
        { trigger: "body:not(:has(.o_form_saved))" },
    ],
});

tours.add("servicedesk_waits_for_dispatcher", {
    steps: () => [
        {
            content: "Told of other things, not of this",
            trigger: ".o_sd_notices_toggle:not(:has(.o_sd_notices_count))",
        },
        open("VPN falls"),
        { trigger: ".o_sd_timeline .o_sd_body:shadow .o_sd_text:contains(every ten minutes)" },
        {
            content: "Nobody but the dispatcher gives it away",
            trigger: ".o_sd_ticket:not(:has(button[name=action_take])):not(:has(button[name=action_hand_over]))",
        },
        {
            content: "Whose it is and where reads as plain text",
            trigger: ".o_sd_props:not(:has([name=owner_id] input)):not(:has([name=department_id] input))",
        },
    ],
});

tours.add("servicedesk_dispatcher", {
    steps: () => [
        bell,
        { trigger: notice("New unassigned ticket"), run: "click" },
        { trigger: ".o_sd_timeline .o_sd_body:shadow .o_sd_text:contains(every ten minutes)" },
        { trigger: "button[name=action_hand_over]", run: "click" },
        ...choose("team_id", "Network"),
        { content: "Anybody of them", trigger: ".modal [name=summary]:contains(→ Network)" },
        { trigger: ".modal [name=reason] input", run: "edit It is the router" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        {
            trigger:
                "body:not(:has(.modal)) .o_sd_props [name=team_id]:contains(Network), .o_sd_props input:value(Network)",
        },
        { trigger: ".o_sd_timeline:contains(It is the router)" },
    ],
});

tours.add("servicedesk_group_member_takes", {
    steps: () => [
        bell,
        { trigger: notice("Ticket assigned to you"), run: "click" },
        { trigger: "button[name=action_take]", run: "click" },
        { trigger: ".o_statusbar_buttons:not(:has(button[name=action_take]))" },
        { trigger: ".o_sd_props [name=owner_id] input:value(Junior)" },
    ],
});

tours.add("servicedesk_limited_edit", {
    steps: () => [
        open("Somebody else's"),
        { trigger: ".o_sd_timeline .o_sd_body:shadow .o_sd_text:contains(every ten minutes)" },
        {
            content: "Whose it is and where reads as plain text",
            trigger: ".o_sd_props:not(:has([name=owner_id] input)):not(:has([name=department_id] input))",
        },
        { content: "Until when, too", trigger: ".o_sd_deadline:not(:has([name=manual_deadline] input))" },
        { trigger: ".o_sd_ticket:not(:has(button[name=action_hand_over]))" },
        { content: "Work on it goes on", trigger: ".o_sd_answers .o_sd_note", run: "click" },
        { trigger: ".o_sd_composer .odoo-editor-editable", run: "editor I looked at the log." },
        { trigger: ".o_sd_send", run: "click" },
        { trigger: ".o_sd_item .o_sd_body:shadow .o_sd_text:contains(I looked at the log.)" },
        { trigger: ".o_cp_action_menus .dropdown-toggle:has(.fa-cog)", run: "click" },
        { trigger: ".o-dropdown--menu:not(:contains(Delete)):contains(Merge)" },
    ],
});

const cards = { content: "Cards", trigger: ".o_switch_view.o_kanban", run: "click" };
const card = ".o_kanban_record:contains(Given out by the dispatcher)";

tours.add("servicedesk_card_without_assigning", {
    steps: () => [cards, { trigger: `${card}:not(:has(.o_quick_assign))` }],
});

tours.add("servicedesk_card_with_assigning", {
    steps: () => [cards, { trigger: `${card}:has(.o_quick_assign)` }],
});
