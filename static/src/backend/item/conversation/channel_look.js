import { _t } from "@web/core/l10n/translation";
import { composers } from "../../composer/composer_tabs/composer_tabs";

/** What the other channels say of themselves where a mail says "Received e-mail". */
export function channelLook(kind, direction) {
    const incoming = direction === "in";
    return (
        {
            sms: { label: incoming ? _t("Received SMS") : _t("Sent SMS") },
            call: { label: incoming ? _t("Incoming call") : _t("Outgoing call") },
            meeting: { label: _t("Meeting"), icon: "" },
        }[kind] || {}
    );
}

/** Through which door it came or left, as a Font Awesome class. */
export function channelIcon(kind) {
    return kind === "portal" ? "fa-globe" : composers.get(kind, {}).icon || "fa-envelope-o";
}
