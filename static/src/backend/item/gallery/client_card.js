import { _t } from "@web/core/l10n/translation";

/**
 * Open the wizard that moves or copies files to the client's card; says what became of it.
 *
 * @param {{action: object, notification: object}} services
 * @param {number[]} ids attachments of items
 * @param {() => void} [done] called when something was moved or copied
 */
export function putOnClientCard({ action, notification }, ids, done) {
    return action.doAction("servicedesk.servicedesk_file_attachments_action", {
        additionalContext: { servicedesk_file_ids: ids },
        onClose: (result) => {
            if (!result?.kept) {
                return;
            }
            const message = result.moved
                ? _t("Files moved to customer documents: %s", result.kept)
                : _t("Files copied to customer documents: %s", result.kept);
            const close = notification.add(message, {
                type: "success",
                buttons: [
                    {
                        name: result.gallery ? _t("Open the gallery") : _t("Open the documents"),
                        onClick: () => {
                            close();
                            action.doAction(result.card);
                        },
                    },
                ],
            });
            return done?.();
        },
    });
}
