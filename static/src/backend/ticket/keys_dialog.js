import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";

/** All keys of the ticket's screen, and the switch for those who want none. */
export class KeysDialog extends Component {
    static template = "servicedesk.KeysDialog";
    static components = { Dialog };
    static props = {
        keys: Array, // [{id, key, label}]
        off: Boolean,
        switchOff: Function, // (off: boolean)
        close: Function,
    };

    setup() {
        this.title = _t("Keyboard shortcuts");
        this.state = useState({ off: this.props.off });
    }

    get keys() {
        return [
            ...this.props.keys.map(({ key, label }) => ({ keys: this.spell(key), label })),
            { keys: ["Alt", "↑ ↓"], label: _t("Previous or next message, also while writing") },
            { keys: ["Ctrl", "Enter"], label: _t("Send") },
            { keys: ["Ctrl", "."], label: _t("Switch between e-mail and note") },
            { keys: ["Ctrl", "K"], label: _t("All commands") },
            { keys: ["?"], label: _t("This help") },
        ];
    }

    spell(key) {
        return /^[A-Z]$/.test(key) ? ["Shift", key] : [key.toUpperCase()];
    }

    toggle(ev) {
        this.state.off = ev.target.checked;
        this.props.switchOff(this.state.off);
    }
}
