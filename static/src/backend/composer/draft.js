import { _t } from "@web/core/l10n/translation";
import { displayName, formatAddresses, parseAddresses } from "../common/addresses";

const ADDRESS_FIELDS = { to: "email_to", cc: "email_cc", bcc: "email_bcc" };

/**
 * A draft between the screen and the server: what differs from the stored one is saved, one call at a time,
 * so that two quick saves can neither make two drafts nor overtake each other.
 */
export class Draft {
    /**
     * @param {Object} values what `prepare_draft` returned
     * @param {(values: Object) => Promise<number>} store saves the draft, gives its id
     */
    constructor(values, store) {
        this.store = store;
        this.id = values.id || false;
        this.kind = values.kind;
        this.from = values.email_from || "";
        this.subject = values.subject || "";
        this.body = values.body || "";
        this.parentId = values.parent_item_id || false;
        this.shared = Boolean(values.shared);
        this.attachments = values.attachments || [];
        for (const [name, field] of Object.entries(ADDRESS_FIELDS)) {
            this[name] = parseAddresses(values[field]);
        }
        this.settle();
        this.queue = Promise.resolve();
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

    /** Take what is here now for what is stored: the editor tidies up a text before anybody has typed. */
    settle() {
        this.saved = JSON.stringify(this.values);
    }

    get isDirty() {
        return JSON.stringify(this.values) !== this.saved;
    }

    /** Store what has changed; `force` makes a draft exist even if nothing was written yet. */
    save({ force = false } = {}) {
        const run = async () => {
            if (!this.isDirty && !(force && !this.id)) {
                return this.id;
            }
            const { values } = this;
            this.id = await this.store(values);
            this.saved = JSON.stringify(values);
            return this.id;
        };
        this.queue = this.queue.then(run, run);
        return this.queue;
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
