import { registry } from "@web/core/registry";

const BUTTON = ".o_sd_activities .o-mail-ActivityButton";

registry.category("web_tour.tours").add("servicedesk_activities", {
    steps: () => [
        { content: "The side panel has them", trigger: BUTTON, run: "click" },
        { trigger: ".o-mail-ActivityListPopover button:contains(Schedule an activity)", run: "click" },
        {
            trigger: ".o_mail_activity_schedule_wizard .o_field_widget[name=summary] input",
            run: "edit Order the router",
        },
        { trigger: ".modal-footer button[name=action_schedule_activities]", run: "click" },
        { trigger: `body:not(:has(.modal)) ${BUTTON}:contains(Order the router)`, run: "click" },
        { trigger: ".o-mail-ActivityListPopoverItem-markAsDone", run: "click" },
        { trigger: ".o-mail-ActivityMarkAsDone button[aria-label=Done]", run: "click" },
        {
            content: "What was done stands on the time line",
            trigger: ".o_sd_app .o_sd_body:shadow .o_sd_text:contains(Order the router)",
        },
        { content: "As an app's, without a way to answer it", trigger: ".o_sd_app:not(:has(.o_sd_more))" },
        { trigger: `${BUTTON}:not(:contains(Order the router))` },
    ],
});
