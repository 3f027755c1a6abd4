import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { itemActions } from "../../item/item_menu/item_actions";

itemActions.add(
    "template",
    {
        label: _t("Save as template"),
        icon: "fa-file-text-o",
        group: "follow-up",
        available: async (item, desk) =>
            ["email", "portal"].includes(item.kind) &&
            ((await user.hasGroup("servicedesk.group_admin")) ||
                desk.orm.silent.call("servicedesk.template", "may_write_for", [desk.ticketId])),
        run: (item, desk) => desk.open("action_save_as_template", item.id),
    },
    { sequence: 70 },
);
