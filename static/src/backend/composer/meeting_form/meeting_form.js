import { _t } from "@web/core/l10n/translation";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { serializeDateTime } from "@web/core/l10n/dates";
import { MultiRecordSelector } from "@web/core/record_selectors/multi_record_selector";
import { readTime } from "../../common/dates";
import { composers } from "../composer_tabs/composer_tabs";
import { FormComposer } from "../composer_tabs/form_composer";

/** The record of a meeting in person: when, where, who took part, what was said. */
export class MeetingForm extends FormComposer {
    static components = { ...FormComposer.components, DateTimeInput, MultiRecordSelector };
    static form = "servicedesk.MeetingForm";
    static fields = ["started_at", "duration", "location", "participant_ids", "participants", "text"];

    get hints() {
        return { from: _t("from"), until: _t("until"), people: _t("Colleagues and contacts") };
    }

    get startedAt() {
        return readTime(this.values.started_at) || false;
    }

    get endedAt() {
        return this.startedAt && this.values.duration ? this.startedAt.plus({ seconds: this.values.duration }) : false;
    }

    setStart(date) {
        this.update({ started_at: date ? serializeDateTime(date) : false });
    }

    /** An end before the beginning is refused at once; without a beginning an hour is assumed. */
    setEnd(date) {
        if (!date) {
            return this.update({ duration: 0 });
        }
        const start = this.startedAt || date.minus({ hours: 1 });
        const duration = Math.round(date.diff(start, "seconds").seconds);
        if (duration < 0) {
            this.state.error = _t("The meeting ends before it begins.");
        } else {
            this.update({ started_at: serializeDateTime(start), duration });
        }
    }

    get obstacle() {
        if (!this.values.started_at) {
            return _t("When did the meeting begin?");
        }
        if (!this.values.participant_ids.length && !this.values.participants) {
            return _t("Who took part in the meeting?");
        }
        return "";
    }

    get sendLabel() {
        return _t("Save meeting record");
    }

    get sendIcon() {
        return "fa-users";
    }
}

composers.add(
    "meeting",
    {
        label: _t("Meeting"),
        icon: "fa-users",
        component: MeetingForm,
        available: ({ kinds = [] }) => kinds.includes("meeting"),
    },
    { sequence: 40 },
);
