import { Component, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useAutofocus } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { displayName, formatAddress, parseAddresses } from "../../common/addresses";

let nextId = 1;

/** Recipients as chips. What is typed becomes a chip on Enter, comma, Tab and on leaving; nothing typed vanishes. */
export class AddressField extends Component {
    static template = "servicedesk.AddressField";
    static props = {
        label: String,
        addresses: Array,
        suggest: Function, // (term) => Promise<[{name, email}]>
        update: Function, // (addresses)
        autofocus: { type: Boolean, optional: true },
    };

    setup() {
        this.listId = `o_sd_suggestions_${nextId++}`;
        this.input = useRef("input");
        this.root = useRef("root");
        this.state = useState({ term: "", options: [], active: -1 });
        this.searchSoon = useDebounced(() => this.search(), 200);
        if (this.props.autofocus) {
            useAutofocus({ refName: "input" });
        }
        useExternalListener(window, "pointerdown", (ev) => {
            if (!this.root.el?.contains(ev.target)) {
                this.closeOptions();
            }
        });
    }

    chipName(address) {
        return displayName(address);
    }

    chipTitle(address) {
        return address.email
            ? formatAddress(address)
            : _t("“%s” is not an e-mail address. Click to mend it.", address.raw);
    }

    removeLabel(address) {
        return _t("Remove %s", displayName(address));
    }

    async search() {
        const { term } = this.state;
        const taken = new Set(this.props.addresses.map(({ email }) => email));
        const found = await this.props.suggest(term.trim());
        if (term === this.state.term && document.activeElement === this.input.el) {
            this.state.options = found.filter(({ email }) => !taken.has(email));
            this.state.active = term.trim() && this.state.options.length ? 0 : -1;
        }
    }

    /** The client's people are offered where nobody has been chosen yet; later one types to find more. */
    onFocus() {
        if (!this.props.addresses.length) {
            this.searchSoon();
        }
    }

    closeOptions() {
        this.state.options = [];
        this.state.active = -1;
    }

    add(found) {
        const known = new Set(this.props.addresses.map(({ email, raw }) => email || raw));
        const fresh = found.filter(({ email, raw }) => !known.has(email || raw));
        if (fresh.length) {
            this.props.update([...this.props.addresses, ...fresh]);
        }
        this.state.term = "";
        this.input.el.value = ""; // typed and taken before it was ever rendered, the model alone would not clear it
        this.closeOptions();
    }

    remove(index) {
        this.props.update(this.props.addresses.filter((_address, at) => at !== index));
        this.input.el.focus();
    }

    /** Put a chip back into the field to mend it. */
    edit(index) {
        const text = formatAddress(this.props.addresses[index]);
        this.remove(index);
        this.state.term = text;
    }

    choose(option) {
        this.add([{ name: option.name, email: option.email, raw: option.email }]);
        this.input.el.focus();
    }

    commit() {
        this.add(parseAddresses(this.state.term));
    }

    onInput() {
        const written = this.state.term.trimEnd();
        if (/[,;]$/.test(written) || this.state.term.includes("\n", written.length)) {
            this.commit();
        } else {
            this.searchSoon();
        }
    }

    onPaste(ev) {
        const text = ev.clipboardData.getData("text/plain");
        const at = text.indexOf("@");
        if (at >= 0 && /[,;\n]/.test(text.slice(at))) {
            ev.preventDefault();
            this.add(parseAddresses(text));
        }
    }

    onBlur() {
        if (this.state.term.trim()) {
            this.commit();
        } else {
            this.closeOptions();
        }
    }

    onKeydown(ev) {
        const { options, active, term } = this.state;
        const step = { ArrowDown: 1, ArrowUp: -1 }[ev.key];
        if (step && options.length && !ev.altKey) {
            this.state.active = (active + step + options.length) % options.length;
        } else if ((ev.key === "Enter" || ev.key === "Tab") && options[active] && !term.includes("@")) {
            this.choose(options[active]);
        } else if (ev.key === "Enter" && !ev.ctrlKey) {
            options[active] && term.trim() && options[active].email.startsWith(term.trim())
                ? this.choose(options[active])
                : this.commit();
        } else if (ev.key === "Escape" && options.length) {
            this.closeOptions();
            ev.stopPropagation();
        } else if (ev.key === "Backspace" && !term && this.props.addresses.length) {
            this.remove(this.props.addresses.length - 1);
        } else {
            return;
        }
        ev.preventDefault();
    }
}
