import { Component, onWillUnmount, useExternalListener, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { displayName, parseAddresses } from "../../common/addresses";

const TICK = 250;

/** "E-mail (Jana Novotná) leaves in 8 s – Take back – Send now", above everything, in every app. */
export class UndoBar extends Component {
    static template = "servicedesk.UndoBar";
    static props = {};

    setup() {
        this.ui = useService("ui");
        this.undo = useService("servicedesk.undo");
        this.mails = useState(this.undo.state);
        this.clock = useState({ now: 0 });
        const timer = browser.setInterval(() => this.mails.mails.length && this.clock.now++, TICK);
        onWillUnmount(() => browser.clearInterval(timer));
        useExternalListener(window, "keydown", (ev) => this.onKey(ev));
    }

    name(mail) {
        if (mail.kind === "sms") {
            const recipient = mail.to.split(",")[0];
            return recipient.slice(recipient.indexOf("(") + 1 || Infinity, recipient.lastIndexOf(")")) || recipient;
        }
        const [first] = parseAddresses(mail.to);
        return first ? displayName(first) : "";
    }

    label(mail) {
        return mail.kind === "sms"
            ? _t("SMS (%s) leaves in", this.name(mail))
            : _t("E-mail (%s) leaves in", this.name(mail));
    }

    left(mail) {
        return this.clock.now >= 0 ? Math.ceil(this.undo.left(mail)) : 0;
    }

    width(mail) {
        return `width: ${(this.undo.left(mail) / mail.total) * 100}%`;
    }

    onKey(ev) {
        const last = this.mails.mails.at(-1);
        const typing = ev.target.isContentEditable || ev.target.closest?.("input, textarea, select");
        const busy = this.ui.activeElement !== document || ev.defaultPrevented || typing;
        if (last && ev.key === "z" && !busy && !ev.altKey && !ev.ctrlKey && !ev.metaKey) {
            ev.preventDefault();
            this.undo.takeBack(last.id);
        }
    }
}

registry.category("main_components").add("servicedesk.UndoBar", { Component: UndoBar });
