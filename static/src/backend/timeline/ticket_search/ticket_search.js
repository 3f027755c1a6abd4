import { Component, onMounted, onPatched, onWillUnmount, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { clearHighlight, highlight, openQuotes, splitWords } from "./highlight";

const DELAY = 250;

/** Search inside one ticket: the server looks through everything, also what is not loaded yet. */
export class TicketSearch extends Component {
    static template = "servicedesk.TicketSearch";
    static props = {
        ticketId: Number,
        show: Function, // (item id) => Promise, brings it into sight
        getRoot: Function, // () => element in which hits are marked
        close: Function,
        version: { optional: true }, // changes with what is shown: the marks follow
    };

    setup() {
        this.orm = useService("orm");
        this.input = useRef("input");
        this.state = useState({ text: "", ids: null, at: 0, failed: false });
        this.searchSoon = useDebounced(() => this.search(), DELAY);
        onMounted(() => this.input.el.focus());
        onPatched(() => this.mark());
        onWillUnmount(clearHighlight);
    }

    get words() {
        return splitWords(this.state.text);
    }

    get label() {
        const { ids, at, failed } = this.state;
        if (failed) {
            return _t("The search did not work. Try again.");
        }
        if (!ids || !this.words.length) {
            return "";
        }
        return ids.length ? _t("%(at)s of %(count)s", { at: at + 1, count: ids.length }) : _t("Nothing found");
    }

    onInput(ev) {
        this.state.text = ev.target.value;
        this.searchSoon();
    }

    async search() {
        const { text } = this.state;
        try {
            const { ids } = await this.orm.silent.call("servicedesk.timeline", "search_items", [
                this.props.ticketId,
                text,
            ]);
            if (text !== this.state.text) {
                return; // a later search is on its way
            }
            Object.assign(this.state, { ids, failed: false, at: Math.max(ids.length - 1, 0) });
        } catch {
            this.state.failed = true;
            return;
        }
        await this.showHit();
    }

    async showHit() {
        const { ids, at } = this.state;
        if (ids?.length) {
            await this.props.show(ids[at]);
            openQuotes(this.props.getRoot()?.querySelector(`article[data-item-id="${ids[at]}"]`), this.words);
        }
        this.mark();
    }

    mark() {
        const root = this.props.getRoot();
        root && highlight(root.querySelectorAll("article"), this.words);
    }

    async go(step) {
        const { length } = this.state.ids || [];
        if (length) {
            this.state.at = (this.state.at + step + length) % length;
            await this.showHit();
        }
    }

    /** Enter goes back in time, as one searches from the newest; Shift+Enter the other way. */
    onKeydown(ev) {
        if (ev.key === "Enter") {
            this.go(ev.shiftKey ? 1 : -1);
        } else if (ev.key === "ArrowUp" || ev.key === "ArrowDown") {
            this.go(ev.key === "ArrowUp" ? -1 : 1);
        } else if (ev.key === "Escape") {
            this.props.close();
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }
}
