import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("servicedesk_beside", {
    steps: () => [
        {
            content: "An empty list takes the room of one line",
            trigger: ".o_field_widget[name=servicedesk_address_ids] .o_field_x2many_list_row_add",
            run() {
                const { offsetHeight } = document.querySelector(".o_field_widget[name=servicedesk_address_ids]");
                if (offsetHeight > 90) {
                    throw new Error(`${offsetHeight} px for nothing`);
                }
            },
        },
        { content: "No invitation in other apps", trigger: "body:not(:has(.o_sd_first_steps_reminder))" },
        { trigger: ".o_navbar_apps_menu button", run: "click" },
        { trigger: ".o-dropdown--menu .o_app[data-menu-xmlid='servicedesk.menu_root']", run: "click" },
        {
            content: "In the desk it looks like its neighbours",
            trigger: ".o_sd_first_steps_reminder",
            run() {
                const style = getComputedStyle(document.querySelector(".o_sd_first_steps_reminder"));
                if (style.borderStyle !== "none" || style.backgroundColor !== "rgba(0, 0, 0, 0)") {
                    throw new Error(`border ${style.borderStyle}, background ${style.backgroundColor}`);
                }
            },
        },
    ],
});
