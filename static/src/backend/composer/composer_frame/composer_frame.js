import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { ComposerTabs } from "../composer_tabs/composer_tabs";
import { SendLater } from "../send_later/send_later";

const OPEN_MENUS = [
    ".o-overlay-item .popover",
    ".o-we-powerbox",
    ".o-autocomplete--dropdown-menu",
    ".o_datetime_picker",
].join();

/**
 * What stands around whatever is written on a ticket: tabs above, what went wrong and what others have said, tools
 * and the button that sends it below. The default slot holds the fields, the slot `tools` a channel's own buttons.
 */
export class ComposerFrame extends Component {
    static template = "servicedesk.BaseComposer";
    static components = { ComposerTabs, SendLater };
    static props = {
        draft: Object, // of `useDraft`
        sendLabel: { optional: true }, // words on the button
        sendIcon: String, // a Font Awesome class
        sendClass: { type: String, optional: true },
        label: { optional: true }, // of the whole, where it is not the button's
        onKeydown: { type: Function, optional: true },
        slots: Object,
    };

    setup() {
        const { draft } = this.props;
        this.state = useState(draft.state);
        this.sending = useState(draft.sending.state);
        this.meanwhile = useState(draft.sending.meanwhile);
        this.root = useRef("root");
        draft.root(this.root);
        onMounted(() => this.root.el?.scrollIntoView({ block: "nearest" }));
    }

    get draft() {
        return this.props.draft;
    }

    get sendClass() {
        return this.props.sendClass || `o_sd_send_${this.draft.kind}`;
    }

    showNews(id) {
        this.env.servicedeskDesk?.show(id);
    }

    onKeydown(ev) {
        this.props.onKeydown?.(ev);
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            ev.stopPropagation();
            this.draft.sending.send();
        } else if (ev.key === "Escape" && !ev.defaultPrevented && !document.querySelector(OPEN_MENUS)) {
            ev.preventDefault();
            ev.stopPropagation();
            this.draft.closeKeeping();
        }
    }
}
