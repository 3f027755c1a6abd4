import { _t } from "@web/core/l10n/translation";
import { displayName, formatAddresses, parseAddresses } from "../../common/addresses";
import { StoredDraft } from "../composer_frame/stored_draft";

const ADDRESS_FIELDS = { to: "email_to", cc: "email_cc", bcc: "email_bcc" };

/** A mail or an internal note. */
export class Draft extends StoredDraft {
    constructor(values, store) {
        super(values, store);
        this.kind = values.kind;
        this.from = values.email_from || "";
        this.subject = values.subject || "";
        this.body = values.body || "";
        this.parentId = values.parent_item_id || false;
        for (const [name, field] of Object.entries(ADDRESS_FIELDS)) {
            this[name] = parseAddresses(values[field]);
        }
        this.settle();
    }

    get values() {
        const values = { body: this.body, parent_item_id: this.parentId };
        if (this.kind === "email") {
            values.subject = this.subject;
            for (const [name, field] of Object.entries(ADDRESS_FIELDS)) {
                values[field] = formatAddresses(this[name]);
            }
        }
        return values;
    }

    get recipients() {
        return [...this.to, ...this.cc, ...this.bcc];
    }

    get invalid() {
        return this.recipients.filter(({ email }) => !email);
    }
}

/** Words on the button: what will happen, and to whom. */
export function sendLabel(draft) {
    if (draft.kind === "note") {
        return _t("Save internal note");
    }
    const [first, ...others] = draft.recipients;
    if (!first) {
        return _t("Send");
    }
    const name = displayName(first);
    return others.length ? _t("Send: %(name)s +%(count)s", { name, count: others.length }) : _t("Send: %s", name);
}
