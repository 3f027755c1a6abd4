import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { exactTime, readTime, shortTime } from "../../common/dates";

const FACES = 3;

/** Who has read it, first and last time. */
export class ReadersList extends Component {
    static template = "servicedesk.ReadersList";
    static props = { readers: Array, close: { type: Function, optional: true } };

    times({ first, last }) {
        const [begin, end] = [readTime(first), readTime(last)];
        return {
            short: shortTime(begin),
            last: end.diff(begin, "minutes").minutes >= 1 ? _t("last %s", shortTime(end)) : "",
            exact: `${exactTime(begin)} – ${exactTime(end)}`,
        };
    }
}

/** An eye with the faces of the first few; names and times on click, in words for screen readers and on hover. */
export class Readers extends Component {
    static template = "servicedesk.Readers";
    static props = {
        readers: Array, // [{id, name, first, last}]
        faces: { type: Boolean, optional: true },
    };

    setup() {
        this.popover = usePopover(ReadersList, { position: "bottom-end", popoverClass: "o_sd_readers_popover" });
    }

    get shown() {
        return this.props.readers.slice(0, FACES);
    }

    get more() {
        return this.props.readers.length - FACES;
    }

    get label() {
        const names = this.props.readers.map(({ name, first }) => `${name} ${shortTime(readTime(first))}`);
        return _t("Read by %s", names.join(", "));
    }

    open(ev) {
        this.popover.open(ev.currentTarget, { readers: this.props.readers });
    }
}
