/**
 * Something being written, between the screen and the server: what differs from what is stored is saved, one call at
 * a time, so that two quick saves can neither make two drafts nor overtake each other.
 */
export class StoredDraft {
    /**
     * @param {Object} values what `prepare_draft` returned; `id` is false where nothing is stored yet
     * @param {(values: Object) => Promise<number>} store saves the draft, gives its id
     */
    constructor(values, store) {
        this.store = store;
        this.id = values.id || false;
        this.shared = Boolean(values.shared);
        this.attachments = values.attachments || [];
        this.queue = Promise.resolve();
    }

    /** Hook: what is saved, as `save_draft` takes it. */
    get values() {
        return {};
    }

    /** Take what is here now for what is stored. */
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
}
