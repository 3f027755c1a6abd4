import { Component } from "@odoo/owl";
import { formatDuration } from "../../composer/call_form/duration";
import { telLink } from "../../composer/call_form/call_form";
import { clock, readTime, shortTime } from "../../common/dates";

/** The facts of a call or meeting on its card: who, which number, how long, with which result, where. */
export class Conversation extends Component {
    static template = "servicedesk.Conversation";
    static props = { item: Object };

    get talk() {
        return this.props.item.conversation;
    }

    get isCall() {
        return this.props.item.kind === "call";
    }

    get people() {
        return [this.talk.person, ...this.talk.participants].filter(Boolean).join(", ");
    }

    get telLink() {
        return telLink(this.talk.number);
    }

    /** A call lasted "4:37"; a meeting was "18 Nov 13:00–13:35". */
    get time() {
        const { started_at: start, duration } = this.talk;
        if (this.isCall) {
            return duration ? formatDuration(duration) : "";
        }
        const from = readTime(start);
        const until = from.plus({ seconds: duration });
        const end = until.hasSame(from, "day") ? clock(until) : shortTime(until);
        return duration ? `${clock(from)}–${end}` : clock(from);
    }
}
