import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("servicedesk_search_in_ticket", {
    steps: () => [
        { trigger: ".o_sd_item .o_sd_body:shadow .o_sd_text:contains(newest words)" },
        { content: "The oldest is not loaded", trigger: ".o_sd_feed:not(:contains(hidden treasure))" },
        { content: "Search by the key", trigger: ".o_sd_open_search", run: "press /" },
        { trigger: ".o_sd_search_input:focus", run: "edit HIDDEN treasuré" },
        { trigger: ".o_sd_search_count:contains(1 of 1)" },
        {
            content: "It is fetched and marked",
            trigger: ".o_sd_item.o_sd_hit .o_sd_body:shadow .o_sd_text:contains(hidden treasure)",
        },
        { content: "One goes on typing", trigger: ".o_sd_search_input:focus", run: "edit newest" },
        { trigger: ".o_sd_item.o_sd_hit .o_sd_body:shadow .o_sd_text:contains(newest words)" },
        { trigger: ".o_sd_search_input", run: "edit nothing of that kind" },
        { trigger: ".o_sd_search_count:contains(Nothing found)" },
        { trigger: ".o_sd_search_input", run: "press Escape" },
        { trigger: ".o_sd_timeline:not(:has(.o_sd_search))" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_divider", {
    steps: () => [
        { trigger: ".o_sd_divider:contains(New since your last visit)" },
        {
            content: "Known words stand above",
            trigger: ".o_sd_item:has(.o_sd_body:shadow .o_sd_text:contains(known)) ~ .o_sd_divider",
        },
        {
            content: "New ones below",
            trigger: ".o_sd_divider ~ .o_sd_item:has(.o_sd_body:shadow .o_sd_text:contains(first new))",
        },
        { content: "The next unread by the key", trigger: ".o_sd_timeline", run: "press u" },
        { trigger: ".o_sd_item:focus" },
        {
            content: "Look long enough for it to count as read",
            trigger: ".o_sd_item:focus",
            run: () => new Promise((resolve) => setTimeout(resolve, 2500)),
        },
        { content: "Help by the key", trigger: ".o_sd_timeline", run: "press ?" },
        { trigger: ".modal .o_sd_keys:contains(Next unread message)" },
        { trigger: ".modal .btn-close", run: "click" },
        { content: "The side panel by the key", trigger: ".o_sd_side_shown .o_sd_timeline", run: "press b" },
        { trigger: ".o_form_renderer:not(.o_sd_side_shown)" },
        { trigger: ".o_sd_timeline", run: "press b" },
        { trigger: ".o_sd_side_shown" },
        { content: "The menu of the form by the key", trigger: ".o_sd_timeline", run: "press w" },
        { trigger: ".o-dropdown--menu [data-reason=date]" },
        { trigger: ".o-dropdown--menu", run: "press Escape" },
        { trigger: "body:not(:has(.o-dropdown--menu)) .o_sd_ticket button[name=action_ask_close]" },
        { content: "A button of the form by the key", trigger: ".o_sd_timeline", run: "press e" },
        { trigger: ".o_sd_ticket:not(:has([name=action_ask_close])) button[name=action_reopen]" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_address_actions", {
    steps: () => [
        { trigger: ".o_sd_body:shadow .o_sd_reach_link[data-sd-reach='eva@elsewhere.example']", run: "click" },
        { trigger: ".o_sd_address_popover:contains(eva@elsewhere.example)" },
        { content: "Nobody's address", trigger: ".o_sd_address_popover:not(:has([data-action=customer]))" },
        { content: "No right to ban", trigger: ".o_sd_address_popover:not(:has(.o_sd_ban))" },
        { trigger: ".o_sd_address_popover [data-action=email]", run: "click" },
        { content: "The address is in the draft", trigger: ".o_sd_send:contains(eva@elsewhere.example)" },
        { trigger: ".o_sd_composer .o_sd_editor", run: "click" },
        { trigger: ".o_sd_composer .o_sd_editor", run: "press Escape" },
        { trigger: ".o_sd_body:shadow .o_sd_reach_link[data-sd-reach='602 123 456']", run: "click" },
        { trigger: ".o_sd_address_popover a[href='tel:+420602123456']" },
        { content: "Whose it is", trigger: ".o_sd_address_popover:contains(Jana Novotná)" },
        { trigger: ".o_sd_address_popover [data-action=customer]", run: "click" },
        { trigger: ".o_breadcrumb:contains(Jana Novotná)" },
    ],
});
