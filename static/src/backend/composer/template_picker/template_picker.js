import { Component, onMounted, onWillStart, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { usePopover } from "@web/core/popover/popover_hook";
import { KeepLast } from "@web/core/utils/concurrency";
import { ForeignHtml } from "../../common/foreign_html/foreign_html";
import { prepareBody } from "../../common/mail_body";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";

const SEARCH_DELAY = 150;

/** Find a template, see how it reads on this ticket, put it into the text. */
export class TemplatePicker extends Component {
    static template = "servicedesk.TemplatePicker";
    static components = { ForeignHtml };
    static props = {
        ticketId: Number,
        term: { type: String, optional: true }, // what has been typed after "::"
        insert: Function, // ({subject, html, missing})
        close: Function, // closes the popover
        cancel: { type: Function, optional: true }, // closed without a choice
    };

    setup() {
        this.orm = useService("orm");
        this.input = useRef("input");
        this.list = useRef("list");
        this.keepList = new KeepLast();
        this.keepPreview = new KeepLast();
        this.state = useState({
            term: this.props.term || "",
            found: [],
            active: 0,
            preview: null,
            error: "",
            searched: false,
        });
        this.searchSoon = useDebounced(() => this.search(), SEARCH_DELAY);
        onWillStart(() => this.search());
        onMounted(() => {
            this.input.el.focus();
            this.input.el.setSelectionRange(this.state.term.length, this.state.term.length);
        });
    }

    call(method, args) {
        return this.orm.silent.call("servicedesk.template", method, args);
    }

    async search() {
        try {
            const { ticketId } = this.props;
            this.state.found = await this.keepList.add(this.call("find_for_ticket", [ticketId, this.state.term]));
            this.state.searched = true;
            this.state.active = 0;
            this.show();
        } catch (error) {
            this.fail(error);
        }
    }

    fail(error) {
        this.state.error = error.data?.message || _t("The server did not answer.");
    }

    get active() {
        return this.state.found[this.state.active];
    }

    get preview() {
        return this.state.preview ? prepareBody(this.state.preview.html).html : "";
    }

    get missingLabel() {
        return _t("Without a value: %s", this.state.preview.missing.join(", "));
    }

    get empty() {
        return this.state.term ? _t("No template has these words.") : _t("No template fits this ticket yet.");
    }

    optionId(index) {
        return `o_sd_template_${index}`;
    }

    onInput(ev) {
        this.state.term = ev.target.value;
        this.state.error = "";
        this.searchSoon();
    }

    activate(index) {
        if (index !== this.state.active) {
            this.state.active = index;
            this.show();
        }
    }

    /** Show how the chosen one reads; whoever runs through the list loads only the last one. */
    show() {
        browser.clearTimeout(this.timer);
        this.state.preview = null;
        const template = this.active;
        if (template) {
            this.timer = browser.setTimeout(() => this.load(template).catch(() => {}), SEARCH_DELAY);
        }
        this.list.el?.children[this.state.active]?.scrollIntoView({ block: "nearest" });
    }

    async load({ id }) {
        const rendered = await this.keepPreview.add(this.call("render_for_ticket", [id, this.props.ticketId]));
        this.state.preview = { id, ...rendered };
        return rendered;
    }

    async choose(template = this.active) {
        if (!template) {
            return;
        }
        browser.clearTimeout(this.timer);
        try {
            const { preview } = this.state;
            const rendered =
                preview?.id === template.id
                    ? preview
                    : await this.call("render_for_ticket", [template.id, this.props.ticketId]);
            this.call("note_use", [[template.id]]).catch(() => {}); // a counter, not worth an error
            this.props.close();
            this.props.insert(rendered);
        } catch (error) {
            this.fail(error);
        }
    }

    onKeydown(ev) {
        const count = this.state.found.length;
        const step = { ArrowDown: 1, ArrowUp: -1 }[ev.key];
        if (step && count) {
            this.activate((this.state.active + step + count) % count);
        } else if (ev.key === "Enter") {
            this.chooseTyped();
        } else if (ev.key === "Escape") {
            this.props.close();
            this.props.cancel?.();
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    /** Enter right after typing counts for what was typed, not for the list of a moment ago. */
    async chooseTyped() {
        this.searchSoon.cancel();
        await this.search();
        await this.choose();
    }
}

/** Return the popover in which templates are found: `open(target, props of TemplatePicker)`. */
export function useTemplatePicker() {
    return usePopover(TemplatePicker, { popoverClass: "o_sd_template_popover", position: "top-start" });
}
