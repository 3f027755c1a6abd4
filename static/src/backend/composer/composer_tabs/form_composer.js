import { onMounted, useRef } from "@odoo/owl";
import { localization } from "@web/core/l10n/localization";
import { BaseComposer } from "../composer_base/base_composer";
import { StoredDraft } from "../composer_base/stored_draft";

/** What is filled in on a form: `fields` of the form's values are stored. */
export class FormDraft extends StoredDraft {
    constructor(values, store, pick) {
        super(values, store);
        Object.assign(this, { form: values, pick });
        this.settle();
    }

    get values() {
        return this.pick(this.form);
    }
}

/**
 * What is filled in rather than written in the editor: an SMS, a call, a meeting.
 *
 * A form names its `fields` (what is saved), and `form`, the template with them.
 */
export class FormComposer extends BaseComposer {
    static content = "servicedesk.FormComposer";
    static form = "";
    static fields = [];

    setup() {
        super.setup();
        this.firstInput = useRef("first");
        onMounted(() => this.props.autofocus !== false && this.firstInput.el?.focus());
    }

    makeDraft(values, store) {
        return new FormDraft(this.prepareForm(values), store, (form) => this.pickStored(form));
    }

    /** Hook: bring what the server gave into the shape of the screen. */
    prepareForm(values) {
        return values;
    }

    /** Hook: what is saved of the form, as `save_draft` takes it. */
    pickStored(form) {
        return Object.fromEntries(this.constructor.fields.map((name) => [name, form[name]]));
    }

    get values() {
        return this.draft.form;
    }

    get label() {
        return this.sendLabel;
    }

    /** Dates and times to the minute, as the reader's language settings have them. */
    get timeFormat() {
        return localization.dateTimeFormat.replace(/[:.]ss/, "");
    }

    update(values) {
        Object.assign(this.values, values);
        this.saveSoon();
    }
}
