import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { ForwardDialog } from "./forward_dialog";
import { PrintDialog } from "./print_dialog";

/**
 * What one can do with an item besides answering it. An entry is
 * `{label, icon, group, available?: (item, desk) => boolean | Promise<boolean>, run: (item, desk) => any}`:
 * `label` is a translated text, `icon` a Font Awesome class, entries of one `group` stand together. `desk` is what
 * the time line offers (see `useDesk` in `timeline_desk.js`).
 */
export const itemActions = registry.category("servicedesk.item_actions");

const isSaid = ({ direction }) => direction !== "internal";
const writes = (item, desk) => desk.canWrite;

itemActions
    .add(
        "forward",
        {
            label: _t("Forward"),
            icon: "fa-share",
            group: "answer",
            available: (item, desk) => isSaid(item) && desk.canWrite,
            run: forward,
        },
        { sequence: 10 },
    )
    .add(
        "discuss",
        {
            label: _t("Discuss internally"),
            icon: "fa-comments-o",
            group: "answer",
            available: writes,
            run: (item, desk) => desk.discuss(item),
        },
        { sequence: 20 },
    )
    .add(
        "comment",
        {
            label: _t("Comment in a note"),
            icon: "fa-lock",
            group: "answer",
            available: writes,
            run: (item, desk) =>
                desk.prepare("note", () => desk.orm.call("servicedesk.item", "prepare_comment", [[item.id]])),
        },
        { sequence: 30 },
    )
    .add(
        "split",
        {
            label: _t("Split to new ticket…"),
            icon: "fa-code-fork",
            group: "follow-up",
            available: writes,
            run: (item, desk) => split([item.id], desk),
        },
        { sequence: 40 },
    )
    .add(
        "child",
        {
            label: _t("Create sub-ticket"),
            icon: "fa-sitemap",
            group: "follow-up",
            available: writes,
            run: (item, desk) => desk.open("action_new_child", item.id),
        },
        { sequence: 50 },
    )
    .add(
        "task",
        {
            label: _t("Create task"),
            icon: "fa-check-square-o",
            group: "follow-up",
            available: async (item, desk) => desk.canWrite && (await user.hasGroup("project.group_project_user")),
            run: (item, desk) => desk.open("action_new_task", item.id),
        },
        { sequence: 60 },
    )
    .add(
        "print",
        {
            label: _t("Print…"),
            icon: "fa-print",
            group: "more",
            run: (item, desk) => print([item.id], desk),
        },
        { sequence: 80 },
    )
    .add(
        "select",
        {
            label: _t("Select more messages"),
            icon: "fa-check-square",
            group: "more",
            run: (item, desk) => desk.select(item),
        },
        { sequence: 90 },
    );

/** Ask which files go along, then open the forwarded text as a draft. */
export function forward(item, desk) {
    const files = item.attachments.filter((file) => !file.inline);
    const run = (ids) =>
        desk.prepare("forward", () =>
            desk.orm.call("servicedesk.item", "prepare_forward", [[item.id]], { attachment_ids: ids }),
        );
    if (!files.length) {
        return run([]);
    }
    desk.dialog.add(ForwardDialog, { files, forward: run });
}

/** Ask for subject and department of a new ticket made of these items. */
export function split(ids, desk) {
    return desk.action.doAction(
        {
            type: "ir.actions.act_window",
            name: _t("Split to new ticket"),
            res_model: "servicedesk.split.items",
            views: [[false, "form"]],
            target: "new",
            context: { default_chosen_ids: ids },
        },
        { onClose: () => desk.refresh() },
    );
}

/** Print some items, or the whole ticket where none are given. */
export function print(ids, desk) {
    desk.dialog.add(PrintDialog, { ticketId: desk.ticketId, itemIds: ids });
}

/** Return the entries that the user may use on this item, in the order of the menu. */
export async function availableActions(item, desk) {
    const entries = itemActions.getEntries();
    const available = await Promise.all(entries.map(([, action]) => action.available?.(item, desk) ?? true));
    return entries.filter((_entry, index) => available[index]).map(([id, action]) => ({ id, ...action }));
}
