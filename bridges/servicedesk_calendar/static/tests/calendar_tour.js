import { registry } from "@web/core/registry";

const open = [
    { trigger: ".o_sd_answers .o_sd_note", run: "press n" },
    { trigger: ".o_sd_tab_meeting", run: "click" },
];

registry.category("web_tour.tours").add("servicedesk_calendar_add", {
    steps: () => [
        ...open,
        { trigger: ".o_sd_meeting_start input", run: "edit 11/20/2025 01:00 PM && press Enter" },
        { trigger: ".o_sd_meeting_end input", run: "edit 11/20/2025 01:30 PM && press Enter" },
        { trigger: "#o_sd_meeting_where", run: "edit Prague" },
        { trigger: ".o_sd_form_text", run: "edit A new router on Monday." },
        { trigger: ".o_sd_add_event", run: "click" },
        { content: "Odoo's own form", trigger: ".modal .o_form_view [name=name] :value(VPN falls)" },
        { trigger: ".modal [name=partner_ids] .o_tag:contains(Jana Novotná)" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_sd_meeting_calendar input:value(VPN falls)" },
        { trigger: ".o_sd_composer_meeting .o_sd_send", run: "click" },
        {
            content: "The item leads there",
            trigger: ".o_sd_kind_meeting .o_sd_event_link:contains(VPN falls)",
            run: "click",
        },
        { trigger: ".o_form_view [name=location] input:value(Prague)" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_calendar_choose", {
    steps: () => [
        ...open,
        { trigger: ".o_sd_meeting_calendar input", run: "edit Inspection" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Inspection of racks)", run: "click" },
        { content: "What it says is filled in", trigger: "#o_sd_meeting_where:value(Brno)" },
        { trigger: ".o_sd_meeting_start input:value(11/20/2025)" },
        { trigger: ".o_sd_meeting_calendar:not(:has(.o_sd_add_event))" },
        { trigger: ".o_sd_composer_meeting .o_sd_send", run: "click" },
        { trigger: ".o_sd_kind_meeting .o_sd_event_link:contains(Inspection of racks)" },
    ],
});
