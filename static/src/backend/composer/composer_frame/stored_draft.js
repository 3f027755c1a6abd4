let windows = 0;

/**
 * Something being written, between the screen and the server: what differs from what is stored is saved, one call at
 * a time, so that two quick saves can neither make two drafts nor overtake each other. Every save says what it goes
 * on from (`known`), so that another window of the same person is not written over.
 */
export class StoredDraft {
    /**
     * @param {Object} values what `prepare_draft` returned; `id` is false where nothing is stored yet
     * @param {(values: Object) => Promise<number>} store saves the draft, gives its id
     */
    constructor(values, store) {
        this.store = store;
        this.shared = Boolean(values.shared);
        this.attachments = values.attachments || [];
        this.queue = Promise.resolve();
        this.window = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}-${++windows}`;
        this.know(values);
    }

    /** Go on from what the server has now. */
    know({ id, draft_window: window }) {
        this.id = id || false;
        this.known = { id: this.id, window: window || "" };
    }

    /** What a save sends: the values, and which draft they go on from. */
    get message() {
        return { ...this.values, draft_window: this.window, known: this.known };
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
            const { message, values } = this;
            const id = await this.store(message);
            this.know({ id, draft_window: this.window });
            this.saved = JSON.stringify(values);
            return this.id;
        };
        this.queue = this.queue.then(run, run);
        return this.queue;
    }
}
