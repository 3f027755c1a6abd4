import { registry } from "@web/core/registry";

const open = [
    {
        content: "Open the unread ticket from the list",
        trigger: ".o_data_row.fw-bold td[name=subject]:contains(VPN falls)",
        run: "click",
    },
    { trigger: ".o_sd_item.o_sd_in .o_sd_body:shadow .o_sd_text:contains(every ten minutes)" },
];

const editor = ".o_sd_composer .o_sd_editor";

registry.category("web_tour.tours").add("servicedesk_reply", {
    steps: () => [
        ...open,
        { content: "History is folded", trigger: ".o_sd_item .o_sd_body:shadow .o_sd_quote:not([open]) summary" },
        { content: "Answer", trigger: ".o_sd_answers .o_sd_reply", run: "click" },
        { trigger: ".o_sd_send:contains(Jana Novotná)" },
        { trigger: `${editor} p`, run: "editor Please restart the gateway." },
        { content: "Saved by itself", trigger: ".o_sd_saved:not(:empty)" },
        { trigger: ".o_sd_send", run: "click" },
        { trigger: ".o_sd_item.o_sd_out .o_sd_body:shadow .o_sd_text:contains(Please restart the gateway.)" },
        { content: "It waits for the workers", trigger: ".o_sd_item.o_sd_out .o_sd_delivery:contains(Queued)" },
        { content: "It is the client's move now", trigger: ".o_arrow_button_current[data-value=waiting]" },
        { content: "The composer has gone", trigger: ".o_sd_timeline:not(:has(.o_sd_composer)) .o_sd_answers" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_note", {
    steps: () => [
        ...open,
        { content: "A note by the key", trigger: ".o_sd_answers .o_sd_note", run: "press n" },
        { trigger: ".o_sd_composer_note .o_sd_warning:contains(Only for colleagues)" },
        { content: "Nothing to send it to", trigger: ".o_sd_composer:not(:has(.o_sd_address))" },
        { trigger: `${editor} p`, run: "editor Their gateway is old." },
        { trigger: ".o_sd_send:contains(Save internal note)", run: "click" },
        { trigger: ".o_sd_item.o_sd_int .o_sd_body:shadow .o_sd_text:contains(Their gateway is old.)" },
        { trigger: ".o_sd_item.o_sd_int .o_sd_kind:contains(Internal note)" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_draft_write", {
    steps: () => [
        ...open,
        { trigger: ".o_sd_answers .o_sd_reply", run: "click" },
        { trigger: `${editor} p`, run: "editor Half a sentence" },
        { trigger: ".o_sd_saved:not(:empty)" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_draft_again", {
    steps: () => [
        { content: "The draft lies open where it was left", trigger: `${editor}:contains(Half a sentence)` },
        { content: "Escape keeps it", trigger: editor, run: "click" },
        { trigger: editor, run: "press Escape" },
        { trigger: ".o_sd_answers .o_sd_reply", run: "click" },
        { trigger: `${editor}:contains(Half a sentence)` },
        { content: "Throw it away", trigger: ".o_sd_composer [aria-label='Discard draft']", run: "click" },
        { trigger: ".o_notification:contains(Draft discarded)" },
        { trigger: ".o_sd_timeline:not(:has(.o_sd_composer))" },
    ],
});
