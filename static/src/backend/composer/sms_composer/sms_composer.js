import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { useService } from "@web/core/utils/hooks";
import { displayName } from "../../common/addresses";
import { ComposerFrame } from "../composer_frame/composer_frame";
import { useFormDraft } from "../composer_frame/form_draft";
import { composerProps, composers } from "../composer_tabs/composer_tabs";
import { PhoneField } from "./phone_field";
import { formatPhone, parsePhones } from "./phones";
import { useSmsText } from "./sms_text";
import { measure, removeDiacritics } from "./sms_meter";

const PLAIN_KEY = "servicedesk.sms_plain"; // whether this person writes SMS without diacritics
const MOST_BARS = 8;

/** Where an SMS is written; the meter says at every letter how many messages it will be. */
export class SmsComposer extends Component {
    static template = "servicedesk.SmsComposer";
    static components = { ComposerFrame, PhoneField };
    static props = composerProps;

    setup() {
        this.orm = useService("orm");
        this.draft = useFormDraft({
            leaves: true,
            announces: true,
            shareable: true,
            prepare: (values) => this.prepareForm(values),
            pick: (form) => this.pickStored(form),
            onOpened: () => this.draft.sending.noteMissing(),
            obstacle: () => this.obstacle,
            findMissing: () => this.text.findMissing(this.draft.form.variables),
            showMissing: (names) => this.text.showMissing(names),
        });
        this.text = useSmsText(this.draft);
    }

    prepareForm(values) {
        return {
            ...values,
            to: parsePhones(values.phone_to),
            plain: browser.localStorage.getItem(PLAIN_KEY) === "1",
            accented: "", // the text before its diacritics were removed, as long as nothing else has changed
        };
    }

    pickStored({ to, sms_text, parent_item_id }) {
        return { phone_to: to.map(formatPhone).join(", "), sms_text, parent_item_id };
    }

    // -------------------------------------------------------------------- text

    write(ev) {
        const { value, selectionStart } = ev.target;
        const text = this.draft.form.plain ? removeDiacritics(value) : value;
        if (text !== value) {
            const before = removeDiacritics(value.slice(0, selectionStart)).length;
            ev.target.value = text;
            ev.target.setSelectionRange(before, before);
        }
        this.draft.update({ sms_text: text, accented: "" });
        this.draft.sending.noteMissing();
        this.text.onTyped(ev);
    }

    /** Off again, the diacritics come back as long as nothing was written since. */
    togglePlain() {
        const plain = !this.draft.form.plain;
        const { sms_text: text, accented } = this.draft.form;
        browser.localStorage.setItem(PLAIN_KEY, plain ? "1" : "");
        if (plain) {
            const stripped = removeDiacritics(text);
            this.draft.update({ plain, sms_text: stripped, accented: stripped === text ? "" : text });
        } else {
            this.draft.update({ plain, sms_text: accented || text, accented: "" });
        }
    }

    get meter() {
        return measure(this.draft.form.sms_text);
    }

    get meterLabel() {
        const { encoding, limit, segments, units } = this.meter;
        return [
            _t("%s SMS", segments),
            _t("%(used)s of %(limit)s characters", { used: units, limit }),
            { gsm: "GSM-7", ucs2: "UCS-2" }[encoding],
        ].join(" · ");
    }

    get totalLabel() {
        const { segments, left } = this.meter;
        const people = this.draft.form.to.length;
        return people > 1 && this.draft.form.sms_text
            ? _t("%(people)s recipients: %(total)s SMS", { people, total: people * segments })
            : _t("%s left in this one", left);
    }

    /** Share of each message that is full, in percent; none where there are too many to tell apart. */
    get bars() {
        const { limit, left, segments } = this.meter;
        const part = limit / segments;
        return segments > MOST_BARS
            ? []
            : [...Array(segments).keys()].map((at) =>
                  at < segments - 1 ? 100 : Math.round(((part - left) / part) * 100),
              );
    }

    /** What diacritics cost, in words: what the switch would save, or what it does save. */
    get savingLabel() {
        const { plain, sms_text: text, accented } = this.draft.form;
        const [with_, without] = plain ? [accented || text, text] : [text, removeDiacritics(text)];
        const saved = measure(with_).segments - measure(without).segments;
        if (saved > 0) {
            return plain
                ? _t("with diacritics it would be %s SMS", measure(with_).segments)
                : _t("saves %s SMS", saved);
        }
        return !plain && text && with_ === without ? _t("there are none in the text") : "";
    }

    // --------------------------------------------------------------- recipients

    async suggest(term) {
        const found = await this.orm.silent.call("servicedesk.item", "suggest_numbers", [this.props.ticketId, term]);
        return found.map(({ name, number, partner_id }) => ({ name, email: number, partner_id }));
    }

    get obstacle() {
        const [invalid] = this.draft.form.to.filter(({ email }) => !email);
        if (invalid) {
            return _t("“%s” is not a phone number.", invalid.raw);
        }
        if (!this.draft.form.to.length) {
            return _t("Whom should this go to? Add a number.");
        }
        return this.draft.form.sms_text.trim() ? "" : _t("There is nothing to send yet: write something.");
    }

    get toLabel() {
        return _t("To");
    }

    get sendLabel() {
        const [first, ...others] = this.draft.form.to || [];
        if (!first) {
            return _t("Send SMS");
        }
        const name = displayName(first);
        return others.length
            ? _t("Send SMS: %(name)s +%(count)s", { name, count: others.length })
            : _t("Send SMS: %s", name);
    }
}

composers.add(
    "sms",
    {
        label: _t("SMS"),
        icon: "fa-commenting-o",
        component: SmsComposer,
        answers: true,
        hotkey: "s",
        available: ({ kinds = [] }) => kinds.includes("sms"),
        words: {
            many: _t("SMS"),
            command: _t("Write an SMS"),
            writing: (name) => _t("%s is writing an SMS…", name),
            card: (direction) => ({ label: direction === "in" ? _t("Received SMS") : _t("Sent SMS") }),
        },
    },
    { sequence: 20 },
);
