import { onMounted, useComponent, useRef } from "@odoo/owl";
import { localization } from "@web/core/l10n/localization";
import { StoredDraft } from "./stored_draft";
import { useDraft } from "./use_draft";

/** What is filled in on a form; `pick` takes from it what is stored. */
class FormDraft extends StoredDraft {
    constructor(values, store, pick) {
        super(values, store);
        Object.assign(this, { form: values, pick });
        this.settle();
    }

    get values() {
        return this.pick(this.form);
    }
}

/** Dates and times to the minute, as the reader's language settings have them. */
export function minuteFormat() {
    return localization.dateTimeFormat.replace(/[:.]ss/, "");
}

/**
 * The draft of what is filled in rather than written in the editor: an SMS, a call, a meeting. The element of
 * `t-ref="first"` gets the focus.
 *
 * @param {Object} channel as `useDraft` takes it, without `makeDraft`
 * @param {string[]} [channel.fields] of the form that are saved; or
 * @param {(form: Object) => Object} [channel.pick] what is saved of the form, as `save_draft` takes it
 * @param {(values: Object) => Object} [channel.prepare] brings what the server gave into the shape of the screen
 */
export function useFormDraft({ fields = [], prepare = (values) => values, pick, ...channel }) {
    const { props } = useComponent();
    const pickFields = (form) => Object.fromEntries(fields.map((name) => [name, form[name]]));
    const makeDraft = (values, store) => new FormDraft(prepare(values), store, pick || pickFields);
    const draft = useDraft({ ...channel, makeDraft });
    draft.first = useRef("first");
    onMounted(() => props.autofocus !== false && draft.first.el?.focus());
    return draft;
}
