import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const card = ".o_sd_fs_card";

tours.add("servicedesk_first_steps", {
    steps: () => [
        {
            content: "A department of one's own",
            trigger: ".o_sd_fs_which select",
            run: "selectByLabel New department",
        },
        { trigger: `${card} input[name=name]`, run: "edit Desk" },
        { trigger: `${card} input[name=email]`, run: "edit desk@severka.example" },
        { trigger: `${card} button[type=submit]`, run: "click" },
        { content: "A guess", trigger: `${card}[data-step=incoming] input[name=host]:value(imap.severka.example)` },
        { trigger: `${card} input[name=host]`, run: "edit 127.0.0.1" },
        { content: "Nothing listens there", trigger: `${card} input[name=port]`, run: "edit 1" },
        { trigger: `${card} input[name=password]`, run: "edit secret" },
        { trigger: ".o_sd_fs_connect", run: "click" },
        {
            content: "In words",
            trigger: "[data-problem=nothing]:contains(No mail server is running at 127.0.0.1 on port 1.)",
        },
        { trigger: ".o_sd_fs_skip", run: "click" },
        { trigger: `${card}[data-step=outgoing] input[name=host]` },
        { trigger: ".o_sd_fs_steps [data-goto=team] button", run: "click" },
        { trigger: ".o_sd_fs_me", run: "click" },
        { trigger: ".o_sd_fs_people:contains(lenka)" },
    ],
});

tours.add("servicedesk_first_steps_again", {
    steps: () => [
        {
            content: "Back to what was begun",
            trigger: ".o_sd_fs_which select",
            run: "selectByLabel Desk",
        },
        { trigger: `${card} input[name=email]:value(desk@severka.example)` },
        { trigger: "[data-goto=incoming] .o_sd_fs_done" },
        { trigger: "[data-goto=team] .o_sd_fs_done" },
        { trigger: ".o_sd_fs_head .btn[data-action=finish]", run: "click" },
        { content: "In the tickets", trigger: ".o_sd_ticket_list" },
        { content: "No invitation any more", trigger: "body:not(:has(.o_sd_first_steps_reminder))" },
    ],
});

tours.add("servicedesk_settings", {
    steps: () => [
        { trigger: "#servicedesk_notice_minutes input", run: "edit 7" },
        { trigger: "#servicedesk_departments .btn-link:contains(Departments)" },
        { content: "Saved", trigger: ".o_form_button_save", run: "click", expectUnloadPage: true },
        { trigger: "#servicedesk_notice_minutes input:value(7)" },
    ],
});
