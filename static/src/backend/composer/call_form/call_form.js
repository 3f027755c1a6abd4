import { onWillDestroy, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { serializeDateTime } from "@web/core/l10n/dates";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { clock, readTime } from "../../common/dates";
import { composers } from "../composer_tabs/composer_tabs";
import { FormComposer } from "../composer_tabs/form_composer";
import { formatDuration, parseDuration } from "./duration";

const { DateTime } = luxon;

/** A number as `tel:` takes it; what stands in brackets or behind is for people. */
export function telLink(number) {
    const dialled = (number || "").replace(/\(\D*\)/g, "").replace(/[^\d+*#]/g, "");
    return dialled ? `tel:${dialled}` : "";
}

/**
 * The record of a call, best filled in while one speaks. The timer counts in the draft (`duration` so far, and
 * `running_since`), so a reload or another browser finds it running.
 */
export class CallForm extends FormComposer {
    static components = { ...FormComposer.components, DateTimeInput, RecordSelector };
    static form = "servicedesk.CallForm";
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
        super.setup();
        this.timer_ = useState({ now: Date.now() });
        const interval = browser.setInterval(() => (this.timer_.now = Date.now()), 1000);
        onWillDestroy(() => browser.clearInterval(interval));
    }

    onOpened() {
        this.loadNumbers();
    }

    prepareForm(values) {
        return { ...values, person_id: values.person ? values.person.id : false, numbers: [] };
    }

    async loadNumbers() {
        const numbers = await this.orm.silent.call("servicedesk.item", "suggest_numbers", [this.props.ticketId, ""]);
        this.values.numbers = numbers;
    }

    // ------------------------------------------------------------------- timer

    get isRunning() {
        return Boolean(this.values.running_since);
    }

    get elapsed() {
        const { duration, running_since: since } = this.values;
        const running = since ? Math.max(0, (this.timer_.now - readTime(since).toMillis()) / 1000) : 0;
        return duration + running;
    }

    get clock() {
        return formatDuration(this.elapsed);
    }

    get runningLabel() {
        return _t("running since %s", clock(readTime(this.values.started_at)));
    }

    start() {
        const now = serializeDateTime(DateTime.local());
        this.timer_.now = Date.now();
        this.update({ running_since: now, started_at: this.values.started_at || now });
        return this.save();
    }

    stop() {
        this.timer_.now = Date.now();
        this.update({ duration: Math.round(this.elapsed), running_since: false });
        return this.save();
    }

    setDuration(text) {
        const duration = parseDuration(text);
        if (duration === null) {
            this.state.error = _t("“%s” is no duration. Write minutes, or 4:37.", text);
        } else {
            this.update({ duration });
        }
    }

    get startedAt() {
        return readTime(this.values.started_at) || false;
    }

    setStart(date) {
        this.update({ started_at: date ? serializeDateTime(date) : false });
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
            { id: "reached", label: _t("Reached") },
            { id: "missed", label: _t("Not reached") },
            { id: "message", label: _t("Left a message") },
            { id: "callback", label: _t("Will call back") },
        ];
    }

    /** One tap ends the call and says how. */
    async choose(result) {
        this.update({ call_result: result });
        if (this.isRunning) {
            await this.stop();
        }
    }

    async setPerson(id) {
        const known = this.values.numbers.map(({ number }) => number);
        this.update({ person_id: id, person_name: id ? "" : this.values.person_name });
        const { phone_number: number } = this.values;
        if (id && (!number || known.includes(number))) {
            const [{ phone }] = await this.orm.silent.read("res.partner", [id], ["phone"]);
            phone && this.update({ phone_number: phone });
        }
    }

    setNumber(number) {
        const found = this.values.numbers.find((one) => one.number === number);
        this.update({ phone_number: number, ...(found ? { person_id: found.partner_id, person_name: "" } : {}) });
    }

    get telLink() {
        return telLink(this.values.phone_number);
    }

    // ----------------------------------------------------------------- the end

    get obstacle() {
        return this.values.call_result ? "" : _t("How did the call end? Choose a result.");
    }

    get sendLabel() {
        return _t("Save call record");
    }

    get sendIcon() {
        return "fa-phone";
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
    },
    { sequence: 30 },
);
