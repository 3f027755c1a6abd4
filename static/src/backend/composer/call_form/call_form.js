import { Component, onWillDestroy, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { serializeDateTime } from "@web/core/l10n/dates";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { useService } from "@web/core/utils/hooks";
import { clock, readTime } from "../../common/dates";
import { ComposerFrame } from "../composer_frame/composer_frame";
import { minuteFormat, useFormDraft } from "../composer_frame/form_draft";
import { composerProps, composers } from "../composer_tabs/composer_tabs";
import { formatDuration, parseDuration } from "./duration";

const { DateTime } = luxon;

/** A number as `tel:` takes it; what stands in brackets or behind is for people. */
export function telLink(number) {
    const dialled = (number || "").replace(/\([^\d()]*\)/g, "").replace(/[^\d+*#]/g, "");
    return dialled ? `tel:${dialled}` : "";
}

/**
 * The record of a call, best filled in while one speaks. The timer counts in the draft (`duration` so far, and
 * `running_since`), so a reload or another browser finds it running.
 */
export class CallForm extends Component {
    static template = "servicedesk.CallForm";
    static components = { ComposerFrame, DateTimeInput, RecordSelector };
    static props = composerProps;
    static fields = [
        "direction",
        "phone_number",
        "person_id",
        "person_name",
        "call_result",
        "started_at",
        "duration",
        "running_since",
        "text",
    ];

    setup() {
        this.orm = useService("orm");
        this.timeFormat = minuteFormat();
        this.draft = useFormDraft({
            fields: this.constructor.fields,
            prepare: (values) => ({ ...values, person_id: values.person ? values.person.id : false, numbers: [] }),
            onOpened: () => this.loadNumbers(),
            obstacle: () => this.obstacle,
        });
        this.timer_ = useState({ now: Date.now() });
        const interval = browser.setInterval(() => (this.timer_.now = Date.now()), 1000);
        onWillDestroy(() => browser.clearInterval(interval));
    }

    async loadNumbers() {
        const numbers = await this.orm.silent.call("servicedesk.item", "suggest_numbers", [this.props.ticketId, ""]);
        this.draft.form.numbers = numbers;
    }

    // ------------------------------------------------------------------- timer

    get isRunning() {
        return Boolean(this.draft.form.running_since);
    }

    get elapsed() {
        const { duration, running_since: since } = this.draft.form;
        const running = since ? Math.max(0, (this.timer_.now - readTime(since).toMillis()) / 1000) : 0;
        return duration + running;
    }

    get clock() {
        return formatDuration(this.elapsed);
    }

    get runningLabel() {
        return _t("running since %s", clock(readTime(this.draft.form.started_at)));
    }

    start() {
        const now = serializeDateTime(DateTime.local());
        this.timer_.now = Date.now();
        this.draft.update({ running_since: now, started_at: this.draft.form.started_at || now });
        return this.draft.save();
    }

    stop() {
        this.timer_.now = Date.now();
        this.draft.update({ duration: Math.round(this.elapsed), running_since: false });
        return this.draft.save();
    }

    setDuration(text) {
        const duration = parseDuration(text);
        if (duration === null) {
            this.draft.state.error = _t("“%s” is no duration. Write minutes, or 4:37.", text);
        } else {
            this.draft.update({ duration });
        }
    }

    get startedAt() {
        return readTime(this.draft.form.started_at) || false;
    }

    setStart(date) {
        this.draft.update({ started_at: date ? serializeDateTime(date) : false });
    }

    // ----------------------------------------------------------------- choices

    get hints() {
        return { contact: _t("Contact"), start: _t("Start: now"), duration: _t("Duration") };
    }

    get directions() {
        return [
            { id: "out", label: _t("Outgoing"), icon: "oi-arrow-up-right" },
            { id: "in", label: _t("Incoming"), icon: "oi-arrow-down-left" },
        ];
    }

    get results() {
        return [
            { id: "reached", label: _t("Answered") },
            { id: "missed", label: _t("No answer") },
            { id: "message", label: _t("Left a message") },
            { id: "callback", label: _t("They will call back") },
        ];
    }

    /** One tap ends the call and says how. */
    async choose(result) {
        this.draft.update({ call_result: result });
        if (this.isRunning) {
            await this.stop();
        }
    }

    async setPerson(id) {
        const known = this.draft.form.numbers.map(({ number }) => number);
        this.draft.update({ person_id: id, person_name: id ? "" : this.draft.form.person_name });
        const { phone_number: number } = this.draft.form;
        if (id && (!number || known.includes(number))) {
            const [{ phone }] = await this.orm.silent.read("res.partner", [id], ["phone"]);
            phone && this.draft.update({ phone_number: phone });
        }
    }

    setNumber(number) {
        const found = this.draft.form.numbers.find((one) => one.number === number);
        this.draft.update({ phone_number: number, ...(found ? { person_id: found.partner_id, person_name: "" } : {}) });
    }

    get telLink() {
        return telLink(this.draft.form.phone_number);
    }

    // ----------------------------------------------------------------- the end

    get obstacle() {
        return this.draft.form.call_result ? "" : _t("How did the call end? Choose a result.");
    }

    get sendLabel() {
        return _t("Save call record");
    }
}

composers.add(
    "call",
    {
        label: _t("Call"),
        icon: "fa-phone",
        component: CallForm,
        hotkey: "h",
        available: ({ kinds = [] }) => kinds.includes("call"),
        words: {
            many: _t("Calls"),
            command: _t("Log a call"),
            writing: (name) => _t("%s is logging a call…", name),
            card: (direction) => ({ label: direction === "in" ? _t("Incoming call") : _t("Outgoing call") }),
        },
    },
    { sequence: 30 },
);
