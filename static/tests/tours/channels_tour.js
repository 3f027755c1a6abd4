import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const answers = ".o_sd_answers .o_sd_note";

tours.add("servicedesk_call_start", {
    steps: () => [
        { content: "A call by the key", trigger: answers, run: "press h" },
        { content: "To the contact", trigger: ".o_sd_call_number:value(777 123 456)" },
        { content: "Click to dial", trigger: ".o_sd_dial[href='tel:777123456']" },
        { trigger: ".o_sd_start", run: "click" },
        { content: "The clock runs", trigger: ".o_sd_running .o_sd_clock:not(:contains(0:00))" },
        { content: "It is kept", trigger: ".o_sd_saved:contains(Draft saved)" },
    ],
});

tours.add("servicedesk_call_finish", {
    steps: () => [
        { content: "Another browser finds it running", trigger: ".o_sd_running .o_sd_clock:not(:contains(0:00))" },
        { trigger: "[data-direction=in]", run: "click" },
        { trigger: ".o_sd_form_text", run: "edit Her notebook is slow." },
        { content: "Without a result it is not saved", trigger: ".o_sd_send", run: "click" },
        { trigger: ".o_sd_error:contains(Choose a result)" },
        { content: "One tap ends it", trigger: "[data-result=reached]", run: "click" },
        { trigger: ".o_sd_call_timer:not(.o_sd_running)" },
        { trigger: ".o_sd_send:contains(Save call record)", run: "click" },
        { trigger: ".o_sd_item.o_sd_in.o_sd_kind_call .o_sd_result:contains(Reached)" },
        { trigger: ".o_sd_item.o_sd_kind_call .o_sd_facts a[href='tel:+420777123456']" },
        { trigger: ".o_sd_item.o_sd_kind_call .o_sd_body:contains(Her notebook is slow.)" },
        { trigger: ".o_sd_timeline:not(:has(.o_sd_composer))" },
    ],
});

tours.add("servicedesk_call_log", {
    steps: () => [
        { content: "From any app", trigger: ".o_sd_call_systray", run: "click" },
        { trigger: ".o_sd_call_search", run: "edit 00420 777 123 456" },
        { content: "It is Jana", trigger: ".o_sd_call_panel .o_sd_choice.active:contains(Jana Novotná)" },
        { trigger: ".o_sd_call_ticket:contains(VPN falls)", run: "click" },
        { content: "Her ticket, the call open", trigger: ".o_sd_call_number:value(00420 777 123 456)" },
        { trigger: ".o_sd_choice.active[data-direction=in]" },
        { trigger: "[data-result=message]", run: "click" },
        { trigger: ".o_sd_send", run: "click" },
        { trigger: ".o_sd_item.o_sd_kind_call .o_sd_result:contains(Left a message)" },
    ],
});

tours.add("servicedesk_call_log_new", {
    steps: () => [
        { trigger: ".o_sd_call_systray", run: "click" },
        { trigger: ".o_sd_call_search", run: "edit 602 999 888" },
        { trigger: ".o_sd_call_panel:contains(Nobody is known)" },
        { trigger: ".o_sd_call_subject", run: "edit Wants an offer" },
        { trigger: ".o_sd_call_new", run: "click" },
        { trigger: ".o_form_view:contains(Wants an offer) .o_sd_call_number:value(602 999 888)" },
    ],
});

tours.add("servicedesk_meeting", {
    steps: () => [
        { trigger: answers, run: "press n" },
        { trigger: ".o_sd_tab_meeting", run: "click" },
        { content: "Both are there already", trigger: ".o_sd_person .o_tag:contains(Jana Novotná)" },
        { trigger: ".o_sd_send", run: "click" },
        { trigger: ".o_sd_error:contains(When did the meeting begin)" },
        { trigger: ".o_sd_meeting_start input", run: "edit 11/20/2025 01:00 PM && press Enter" },
        { trigger: ".o_sd_meeting_end input", run: "edit 11/20/2025 01:35 PM && press Enter" },
        { trigger: "#o_sd_meeting_where", run: "edit Prague" },
        { trigger: "#o_sd_meeting_others", run: "edit p. Vlk" },
        { trigger: ".o_sd_form_text", run: "edit A new router on Monday." },
        { trigger: ".o_sd_send:contains(Save meeting record)", run: "click" },
        { trigger: ".o_sd_item.o_sd_kind_meeting .o_sd_facts:contains(p. Vlk)" },
        { trigger: ".o_sd_item.o_sd_kind_meeting .o_sd_facts:contains(Prague)" },
        { trigger: ".o_sd_item.o_sd_kind_meeting .o_sd_body:contains(A new router)" },
    ],
});

tours.add("servicedesk_sms", {
    steps: () => [
        { trigger: answers, run: "press s" },
        { trigger: ".o_sd_send:contains(Send SMS: Jana Novotná)" },
        {
            trigger: ".o_sd_sms_text",
            run: "edit Zítra přijedeme v deset hodin dopoledne, připravte prosím klíče od serverovny.",
        },
        { trigger: ".o_sd_sms_count:contains(2 SMS · 78 of 134 characters · UCS-2)" },
        { trigger: ".o_sd_sms_saving:contains(saves 1 SMS)" },
        { trigger: "#o_sd_sms_plain", run: "click" },
        { trigger: ".o_sd_sms_count:contains(1 SMS · 78 of 160 characters · GSM-7)" },
        { trigger: ".o_sd_sms_saving:contains(with diacritics it would be 2 SMS)" },
        { trigger: ".o_sd_saved:contains(Draft saved)" },
        { trigger: ".o_sd_send", run: "click" },
        { trigger: ".o_sd_item.o_sd_out.o_sd_kind_sms .o_sd_body:contains(Zitra prijedeme)" },
        { trigger: ".o_sd_item.o_sd_kind_sms .o_sd_recipient_queued:contains(Jana Novotná)" },
    ],
});

tours.add("servicedesk_no_sms", {
    steps: () => [
        { trigger: answers, run: "press n" },
        { content: "No tab without a gateway", trigger: ".o_sd_tabs:has(.o_sd_tab_email):not(:has(.o_sd_tab_sms))" },
        { content: "Nor a call where they are switched off", trigger: ".o_sd_tabs:not(:has(.o_sd_tab_call))" },
    ],
});
