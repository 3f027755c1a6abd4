import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { clock, exactTime, readTime } from "../../common/dates";
import { useMinute } from "./minute";
import { inWords, present } from "./remaining";

const PROMISES = { first_response: () => _t("First response"), resolution: () => _t("Resolution") };

/** Working time left until a ticket's next deadline, in words; counts down by itself. */
export class SlaBadge extends Component {
    static template = "servicedesk.SlaBadge";
    static props = {
        ...standardFieldProps,
        named: { type: Boolean, optional: true }, // with the promise, and what is left while it stands still
    };

    setup() {
        this.minute = useMinute();
    }

    get badge() {
        return this.props.record.data.sla_badge;
    }

    get shown() {
        return present(this.badge, this.minute.now);
    }

    get words() {
        const { words } = this.shown;
        const { state, promise, remaining, day } = this.badge;
        if (!this.props.named || ["met", "missed"].includes(state)) {
            return words;
        }
        if (state === "paused") {
            return _t("%(why)s, %(time)s left", { why: words, time: inWords(Math.max(0, remaining), day) });
        }
        return _t("%(promise)s: %(time)s", { promise: PROMISES[promise](), time: words });
    }

    /** Which promise, its exact time and, while it stands still, what is left. */
    get tooltip() {
        const { promise, deadline, state, remaining, day, policy } = this.badge;
        const lines = [this.shown.name];
        if (deadline) {
            lines.push(`${PROMISES[promise]()}: ${exactTime(readTime(deadline))}`);
        } else if (state === "paused") {
            lines.push(`${PROMISES[promise]()}: ${_t("%s left", inWords(Math.max(0, remaining), day))}`);
        }
        if (policy) {
            lines.push(policy);
        }
        return lines.join("\n");
    }
}

registry.category("fields").add("servicedesk_sla_badge", {
    component: SlaBadge,
    displayName: _t("SLA badge"),
    supportedTypes: ["datetime"],
    listViewWidth: [100, 160],
    fieldDependencies: [{ name: "sla_badge", type: "json" }],
    extractProps: ({ options }) => ({ named: Boolean(options.named) }),
});

/** "Fri 20 Nov, 16:00" */
function moment(value) {
    const date = readTime(value);
    return `${date.toLocaleString({ weekday: "short", day: "numeric", month: "short" })}, ${clock(date)}`;
}

/** The promises of a ticket one by one, with the reason why they hold. */
export class SlaPromises extends Component {
    static template = "servicedesk.SlaPromises";
    static props = { ...standardFieldProps };

    exact(value) {
        return value && exactTime(readTime(value));
    }

    get lines() {
        const lines = (this.props.record.data[this.props.name] || []).map((line) => ({
            ...line,
            ...this.describe(line),
        }));
        // Why is said once, below all that it holds for.
        return lines.map((line, index) => ({
            ...line,
            reason: line.reason === lines[index + 1]?.reason ? "" : line.reason,
        }));
    }

    describe({ promise, state, late, deadline, ended, remaining, day, policy, why }) {
        const words = {
            running: () => (late ? _t("overdue since %s", moment(deadline)) : moment(deadline)),
            paused: () => _t("%s left, paused", inWords(Math.max(0, remaining), day)),
            met: () => _t("met, %s", moment(ended)),
            missed: () => _t("missed, %s", moment(ended)),
        };
        const tones = { met: "ok", missed: "danger", paused: "muted", running: late ? "danger" : "plain" };
        return {
            label: promise === "first_response" ? _t("First response due") : _t("Resolution due"),
            words: words[state](),
            tone: tones[state],
            reason: [policy, why].filter(Boolean).join(" · "),
        };
    }
}

registry.category("fields").add("servicedesk_sla_promises", {
    component: SlaPromises,
    displayName: _t("SLA targets"),
    supportedTypes: ["json"],
});
