import { registry } from "@web/core/registry";

const question = ".o_sd_item.o_sd_in";
const menu = `${question} .o_sd_card > header .o_sd_more`;

const opened = [{ trigger: `${question} .o_sd_body:shadow .o_sd_text:contains(every ten minutes)` }];

/** Open the menu of the client's item and choose an entry. */
const choose = (action) => [
    ...opened,
    { content: "Open the item's menu", trigger: menu, run: "click" },
    { content: `Choose ${action}`, trigger: `.o_sd_action_${action}`, run: "click" },
];

const editor = ".o_sd_discussion .o_sd_editor";

registry.category("web_tour.tours").add("servicedesk_discuss", {
    steps: () => [
        ...choose("discuss"),
        { content: "Write under the item", trigger: `${editor} p`, run: "editor Is it the driver? " },
        {
            content: "Call a colleague",
            trigger: editor,
            run: async () => {
                const editable = document.querySelector(editor);
                const paragraph = editable.querySelector("p");
                document.getSelection().selectAllChildren(paragraph);
                document.getSelection().collapseToEnd();
                for (const key of "@coll") {
                    const init = { data: key, inputType: "insertText", bubbles: true, cancelable: true };
                    editable.dispatchEvent(new InputEvent("beforeinput", init));
                    document.execCommand("insertText", false, key);
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
            },
        },
        { content: "Choose the colleague", trigger: ".o-we-powerbox .o-we-command:contains(Colleague)", run: "click" },
        { trigger: `${editor} .o_sd_mention:contains(@Colleague)` },
        { content: "Save", trigger: ".o_sd_discussion_save", run: "click" },
        {
            content: "It stands inside the card, and nowhere else",
            trigger: `${question} .o_sd_discussion_body:shadow .o_sd_text:contains(Is it the driver?) .o_sd_mention`,
        },
        { trigger: ".o_sd_feed:not(:has(.o_sd_item.o_sd_int))" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_mentioned", {
    steps: () => [
        {
            content: "The link opens the ticket at the very note",
            trigger: ".o_sd_discussion_body:shadow .o_sd_text:contains(Is it the driver?)",
        },
        { trigger: `${question} .o_sd_discussion_head[aria-expanded=true]` },
    ],
});

registry.category("web_tour.tours").add("servicedesk_split", {
    steps: () => [
        ...choose("split"),
        { content: "Subject of the new ticket", trigger: ".modal [name=subject] input", run: "edit Old gateway" },
        { trigger: ".modal [name=department_id] input:value(Support)" },
        { content: "Split", trigger: ".modal button[name=action_split]", run: "click" },
        { content: "The new ticket is open", trigger: ".o_sd_title [name=subject] input:value(Old gateway)" },
        {
            content: "The item came along",
            trigger: `${question} .o_sd_body:shadow .o_sd_text:contains(every ten minutes)`,
        },
        { content: "Linked to where it came from", trigger: ".o_sd_event:contains(Split from)" },
        { trigger: "[name=related_ids] .o_data_row:contains(VPN falls)" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_forward", {
    steps: () => [
        ...choose("forward"),
        { content: "Leave one file out", trigger: ".modal .o_sd_pick:contains(lamp.png) input", run: "click" },
        { trigger: ".modal .o_sd_forward_confirm", run: "click" },
        { content: "Nobody is written to yet", trigger: ".o_sd_composer .o_sd_address input:first:value()" },
        { trigger: ".o_sd_composer .o_sd_editor:contains(Forwarded message):contains(every ten minutes)" },
        { trigger: ".o_sd_composer_files:contains(log.txt):not(:contains(lamp.png))" },
        {
            content: "To whom",
            trigger: ".o_sd_composer .o_sd_address input:first",
            run: "edit servis@vyrobce.example",
        },
        { trigger: ".o_sd_composer .o_sd_subject:value(/^Fwd: /)", run: "click" },
        { trigger: ".o_sd_send:contains(servis@vyrobce.example)", run: "click" },
        { content: "It stands beside the conversation", trigger: ".o_sd_item.o_sd_out .o_sd_third" },
        { content: "The ticket stays open", trigger: ".o_arrow_button_current[data-value=open]" },
        { trigger: ".o_notification button:contains(Wait for the third party)", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=waiting]" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_forward_beside", {
    steps: () => [
        { content: "An answer is begun", trigger: ".o_sd_answers .o_sd_reply", run: "click" },
        { trigger: ".o_sd_tabs:not(:has(.o_sd_tab_forward))" },
        { trigger: ".o_sd_composer_email .o_sd_editor p", run: "editor Half a sentence" },
        ...choose("forward"),
        { trigger: ".modal .o_sd_forward_confirm", run: "click" },
        {
            content: "A draft of its own",
            trigger: ".o_sd_composer_forward .o_sd_editor:contains(Forwarded message):not(:contains(Half a sentence))",
        },
        { trigger: ".o_sd_composer_forward .o_sd_editor p:first", run: "editor Please look at this" },
        { content: "The answer waits", trigger: ".o_sd_tab_email", run: "click" },
        { trigger: ".o_sd_composer_email .o_sd_editor:contains(Half a sentence):not(:contains(Please look))" },
        { content: "And so does the forward", trigger: ".o_sd_tab_forward", run: "click" },
        { trigger: ".o_sd_composer_forward .o_sd_editor:contains(Please look at this):contains(Forwarded message)" },
        { content: "Closed, it is one click away", trigger: ".o_sd_tabs > button:last-child", run: "click" },
        { trigger: ".o_sd_answers .o_sd_kind_forward", run: "click" },
        { trigger: ".o_sd_composer_forward button[title='Discard draft']", run: "click" },
        { content: "Its tab goes with it", trigger: ".o_sd_answers:not(:has(.o_sd_kind_forward))" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_print", {
    steps: () => [
        ...opened,
        { content: "Print ticket", trigger: ".o_sd_filters .o_sd_print", run: "click" },
        { trigger: ".modal .o_sd_print_internal:not(:checked)" },
        {
            content: "What the link gives",
            trigger: ".modal .o_sd_print_confirm",
            run: async ({ anchor }) => {
                const plain = await (await fetch(anchor.href)).text();
                const internal = await (await fetch(`${anchor.href}&internal=1`)).text();
                if (!plain.includes("every ten minutes") || plain.includes("They never pay")) {
                    throw new Error("The print for the client is wrong");
                }
                if (!internal.includes("They never pay")) {
                    throw new Error("The internal print is wrong");
                }
            },
        },
        { trigger: ".modal .o_sd_print_internal", run: "click" },
        { content: "A warning on what it is", trigger: ".modal .o_sd_print_warning" },
        { trigger: ".modal .o_sd_print_confirm[href*='internal=1']" },
        { trigger: ".modal footer .btn-secondary", run: "click" },
        { content: "Tick items", trigger: menu, run: "click" },
        { trigger: ".o_sd_action_select", run: "click" },
        { trigger: ".o_sd_selection:contains(1)" },
        { trigger: ".o_sd_item.o_sd_int .o_sd_tick", run: "click" },
        { trigger: ".o_sd_selection:contains(2) [data-action=print]", run: "click" },
        { trigger: ".modal .o_sd_print_confirm[href*='items=']" },
        { trigger: ".modal footer .btn-secondary", run: "click" },
        { trigger: ".o_sd_selection [data-action=cancel]", run: "click" },
        { trigger: ".o_sd_timeline:not(:has(.o_sd_tick))" },
    ],
});

registry.category("web_tour.tours").add("servicedesk_client_note", {
    steps: () => [
        { trigger: ".o_sd_client_note_add", run: "click" },
        { trigger: ".o_sd_client_note .o_sd_editor p", run: "editor Call after nine" },
        { trigger: ".o_sd_client_note .o_sd_save_note", run: "click" },
        { trigger: ".o_sd_client_note_body:shadow .o_sd_text:contains(Call after nine)" },
    ],
});
