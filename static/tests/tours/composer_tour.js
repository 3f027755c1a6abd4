import { registry } from "@web/core/registry";

const editor = ".o_sd_composer .o_sd_editor";

const write = (text) => [
    { content: "Answer", trigger: ".o_sd_answers .o_sd_reply", run: "click" },
    { trigger: ".o_sd_send:contains(Send: Jana Novotná)" },
    { trigger: `${editor} p`, run: `editor ${text}` },
    { content: "Saved by itself", trigger: ".o_sd_saved:contains(Draft saved)" },
];

registry.category("web_tour.tours").add("servicedesk_undo", {
    steps: () => [
        ...write("Please restart the gateway."),
        { trigger: ".o_sd_send", run: "click" },
        { trigger: ".o_sd_item.o_sd_out .o_sd_body:contains(Please restart the gateway.)" },
        { content: "The countdown runs", trigger: ".o_sd_undo:contains(Jana Novotná) .o_sd_num:contains(s)" },
        { content: "Have it back", trigger: ".o_sd_undo .o_sd_take_back", run: "click" },
        { content: "Written as before", trigger: `${editor}:contains(Please restart the gateway.)` },
        { content: "The bar has gone", trigger: "body:not(:has(.o_sd_undo))" },
        { content: "It is not on the time line", trigger: ".o_sd_timeline:not(:has(.o_sd_item.o_sd_out))" },
        { content: "Again, by the key", trigger: ".o_sd_send", run: "click" },
        { trigger: ".o_sd_undo" },
        { trigger: ".o_sd_item.o_sd_out .o_sd_card", run: "press z" },
        { trigger: `${editor}:contains(Please restart the gateway.)` },
    ],
});

registry.category("web_tour.tours").add("servicedesk_schedule", {
    steps: () => [
        ...write("Please restart the gateway."),
        { content: "Not now", trigger: ".o_sd_send_later", run: "click" },
        { trigger: ".o_sd_send_later_menu [data-preset=tomorrow]", run: "click" },
        {
            content: "It waits, last",
            trigger: ".o_sd_pending_item:last-child .o_sd_pending_words:contains(Scheduled for)",
        },
        { content: "Nothing counts down", trigger: "body:not(:has(.o_sd_undo))" },
        { content: "Change it", trigger: ".o_sd_pending_edit", run: "click" },
        { trigger: `${editor}:contains(Please restart the gateway.)` },
        { trigger: ".o_sd_timeline:not(:has(.o_sd_pending_item))" },
        { trigger: `${editor} p`, run: "editor And a second thought." },
        { content: "Any day and minute", trigger: ".o_sd_send_later", run: "click" },
        { trigger: ".o_sd_send_later_menu [data-preset=pick]", run: "click" },
        { trigger: ".modal .o_sd_send_later_picker .o_date_picker" },
        { trigger: ".modal .o_sd_confirm_later:contains(Send on)", run: "click" },
        { trigger: ".o_sd_pending_item .o_sd_pending_words:contains(Scheduled for)" },
        { content: "Do not send it at all", trigger: ".o_sd_pending_cancel", run: "click" },
        { trigger: ".o_notification:contains(is a draft again)" },
        { trigger: ".o_sd_timeline:not(:has(.o_sd_pending_item))" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_share", {
    steps: () => [
        ...write("Half an answer"),
        { trigger: ".o_sd_share[aria-pressed=false]", run: "click" },
        { trigger: ".o_sd_share[aria-pressed=true]" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_take_over", {
    steps: () => [
        { trigger: ".o_sd_pending_item:contains(Half an answer) .o_sd_pending_words:contains(Agent)" },
        { content: "Not in the composer yet", trigger: ".o_sd_timeline:not(:has(.o_sd_composer))" },
        { trigger: ".o_sd_take_over", run: "click" },
        { trigger: `${editor}:contains(Half an answer)` },
        { trigger: ".o_sd_timeline:not(:has(.o_sd_pending_item))" },
    ],
});
