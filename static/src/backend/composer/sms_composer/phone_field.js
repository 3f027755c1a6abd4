import { _t } from "@web/core/l10n/translation";
import { AddressField } from "../address_field/address_field";
import { formatPhone, parsePhones } from "./phones";

/** Recipients of an SMS as chips; any notation will do, a name may follow in brackets. */
export class PhoneField extends AddressField {
    chipName({ name, email, raw }) {
        return name ? `${name}, ${email}` : email || raw;
    }

    chipTitle(address) {
        return address.email ? formatPhone(address) : _t("“%s” is not a phone number. Click to mend it.", address.raw);
    }

    edit(index) {
        const text = formatPhone(this.props.addresses[index]);
        this.remove(index);
        this.state.term = text;
    }

    commit() {
        this.add(parsePhones(this.state.term));
    }

    onPaste(ev) {
        const text = ev.clipboardData.getData("text/plain");
        const at = text.search(/\d/);
        if (at >= 0 && /[,;\n]/.test(text.slice(at))) {
            ev.preventDefault();
            this.add(parsePhones(text));
        }
    }

    /** A whole number that was typed counts before a suggestion that only begins like it. */
    onKeydown(ev) {
        const [typed] = parsePhones(this.state.term);
        if (["Enter", "Tab"].includes(ev.key) && !ev.ctrlKey && typed?.email.replace(/\D/g, "").length >= 9) {
            this.commit();
            ev.preventDefault();
        } else {
            super.onKeydown(ev);
        }
    }
}
