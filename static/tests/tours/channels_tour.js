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
        { content: "It is kept", trigger: ".o_sd_saved:not(:empty)" },
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
        { trigger: ".o_sd_item.o_sd_in.o_sd_kind_call .o_sd_result:contains(Answered)" },
        { trigger: ".o_sd_item.o_sd_kind_call .o_sd_facts a[href='tel:+420777123456']" },
        { trigger: ".o_sd_item.o_sd_kind_call .o_sd_body:shadow .o_sd_text:contains(Her notebook is slow.)" },
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
        { trigger: ".o_sd_item.o_sd_kind_meeting .o_sd_body:shadow .o_sd_text:contains(A new router)" },
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
        { trigger: ".o_sd_saved:not(:empty)" },
        { trigger: ".o_sd_send", run: "click" },
        { trigger: ".o_sd_item.o_sd_out.o_sd_kind_sms .o_sd_body:shadow .o_sd_text:contains(Zitra prijedeme)" },
        { trigger: ".o_sd_item.o_sd_kind_sms .o_sd_recipient_queued:contains(Jana Novotná)" },
    ],
});

const sms = ".o_sd_composer_sms .o_sd_sms_text";

const typeInto = (text) => ({
    content: `Typed at the end: ${text}`,
    trigger: sms,
    run() {
        this.anchor.focus();
        this.anchor.setSelectionRange(this.anchor.value.length, this.anchor.value.length);
        document.execCommand("insertText", false, text);
    },
});

const writeSms = (text) => [
    { trigger: answers, run: "press s" },
    { trigger: ".o_sd_send:contains(Send SMS: Jana Novotná)" },
    { trigger: sms, run: `edit ${text}` },
    { content: "Saved by itself", trigger: ".o_sd_saved:not(:empty)" },
];

tours.add("servicedesk_sms_undo", {
    steps: () => [
        ...writeSms("We come at ten."),
        { trigger: ".o_sd_send", run: "click" },
        { trigger: ".o_sd_item.o_sd_kind_sms .o_sd_body:shadow .o_sd_text:contains(We come at ten.)" },
        { content: "The countdown runs", trigger: ".o_sd_undo:contains(SMS (Jana Novotná)) .o_sd_num:contains(s)" },
        { content: "Have it back", trigger: ".o_sd_undo .o_sd_take_back", run: "click" },
        { content: "Written as before", trigger: `${sms}:value(We come at ten.)` },
        { trigger: ".o_sd_timeline:not(:has(.o_sd_item.o_sd_kind_sms))" },
        { content: "To the same number", trigger: ".o_sd_send:contains(Send SMS: Jana Novotná)" },
    ],
});

tours.add("servicedesk_sms_schedule", {
    steps: () => [
        ...writeSms("We come at ten."),
        { content: "Not now", trigger: ".o_sd_composer_sms .o_sd_send_later", run: "click" },
        { trigger: ".o_sd_send_later_menu [data-preset=tomorrow]", run: "click" },
        {
            content: "It waits, last",
            trigger: ".o_sd_pending_item.o_sd_kind_sms:last-child .o_sd_pending_words:contains(Scheduled for)",
        },
        { content: "Nothing counts down", trigger: "body:not(:has(.o_sd_undo))" },
        { content: "Change it", trigger: ".o_sd_pending_edit", run: "click" },
        { trigger: `${sms}:value(We come at ten.)` },
        { trigger: ".o_sd_timeline:not(:has(.o_sd_pending_item))" },
        typeInto(" Or eleven."),
        { content: "Any day and minute", trigger: ".o_sd_composer_sms .o_sd_send_later", run: "click" },
        { trigger: ".o_sd_send_later_menu [data-preset=pick]", run: "click" },
        { trigger: ".modal .o_sd_confirm_later:contains(Send on)", run: "click" },
        { trigger: ".o_sd_pending_item .o_sd_body:shadow .o_sd_text:contains(We come at ten. Or eleven.)" },
        { content: "Do not send it at all", trigger: ".o_sd_pending_cancel", run: "click" },
        { trigger: ".o_notification:contains(is a draft again)" },
        { trigger: ".o_sd_timeline:not(:has(.o_sd_pending_item))" },
    ],
});

tours.add("servicedesk_sms_now", {
    steps: () => [
        ...writeSms("We come at ten."),
        { trigger: ".o_sd_composer_sms .o_sd_send_later", run: "click" },
        { trigger: ".o_sd_send_later_menu [data-preset=tomorrow]", run: "click" },
        { trigger: ".o_sd_pending_now", run: "click" },
        { content: "It waits for no more than a worker", trigger: ".o_sd_pending_words:contains(second)" },
    ],
});

tours.add("servicedesk_sms_template", {
    steps: () => [
        { trigger: answers, run: "press s" },
        { trigger: ".o_sd_send:contains(Send SMS: Jana Novotná)" },
        { trigger: sms, run: "click" },
        { content: "A slash at the beginning, as in the editor", ...typeInto("/") },
        { trigger: ".o_sd_template_search input", run: "edit hel" },
        { trigger: ".o_sd_template_list [role=option]:contains(Hello)" },
        { trigger: ".o_sd_template_search input", run: "press Enter" },
        {
            content: "Plain, in place of the slash",
            trigger: `${sms}:value(Good day Jana Novotná,\nwe come: https://severka.example)`,
        },
        typeInto("\n:"),
        typeInto(":"),
        { content: "Two colons, typed", trigger: ".o_sd_template_search input", run: "edit visit" },
        { trigger: ".o_sd_template_list:not(:contains(Hello)) [role=option]:contains(Visit)", run: "click" },
        { content: "What has no value is said", trigger: ".o_sd_missing_strip:contains(your telephone number)" },
        { content: "It does not leave so", trigger: ".o_sd_send", run: "click" },
        {
            content: "The gap is selected",
            trigger: ".o_sd_composer_sms",
            run() {
                const { selectionStart, selectionEnd, value } = document.querySelector(sms);
                const selected = value.slice(selectionStart, selectionEnd);
                if (selected !== "[[your telephone number]]") {
                    throw new Error(`Selected is “${selected}”`);
                }
                document.execCommand("insertText", false, "222 333 444");
            },
        },
        { trigger: ".o_sd_composer:not(:has(.o_sd_missing_strip))" },
        { content: "Or by the button", trigger: ".o_sd_templates", run: "click" },
        { trigger: ".o_sd_template_search input", run: "press Escape" },
        { trigger: ".o_sd_send", run: "click" },
        { trigger: ".o_sd_item.o_sd_kind_sms .o_sd_body:shadow .o_sd_text:contains(Call us: 222 333 444)" },
    ],
});

tours.add("servicedesk_no_sms", {
    steps: () => [
        { trigger: answers, run: "press n" },
        { content: "No tab without a gateway", trigger: ".o_sd_tabs:has(.o_sd_tab_email):not(:has(.o_sd_tab_sms))" },
        { content: "Nor a call where they are switched off", trigger: ".o_sd_tabs:not(:has(.o_sd_tab_call))" },
    ],
});
