import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { serializeDateTime } from "@web/core/l10n/dates";
import { MultiRecordSelector } from "@web/core/record_selectors/multi_record_selector";
import { readTime } from "../../common/dates";
import { ComposerFrame } from "../composer_frame/composer_frame";
import { minuteFormat, useFormDraft } from "../composer_frame/form_draft";
import { composerProps, composers } from "../composer_tabs/composer_tabs";

/** The record of a meeting in person: when, where, who took part, what was said. */
export class MeetingForm extends Component {
    static template = "servicedesk.MeetingForm";
    static components = { ComposerFrame, DateTimeInput, MultiRecordSelector };
    static props = composerProps;
    static fields = ["started_at", "duration", "location", "participant_ids", "participants", "text"];

    setup() {
        this.timeFormat = minuteFormat();
        this.draft = useFormDraft({ fields: this.constructor.fields, obstacle: () => this.obstacle });
    }

    get hints() {
        return { from: _t("from"), until: _t("until"), people: _t("Colleagues and contacts") };
    }

    get startedAt() {
        return readTime(this.draft.form.started_at) || false;
    }

    get endedAt() {
        return this.startedAt && this.draft.form.duration
            ? this.startedAt.plus({ seconds: this.draft.form.duration })
            : false;
    }

    setStart(date) {
        this.draft.update({ started_at: date ? serializeDateTime(date) : false });
    }

    /** An end before the beginning is refused at once; without a beginning an hour is assumed. */
    setEnd(date) {
        if (!date) {
            return this.draft.update({ duration: 0 });
        }
        const start = this.startedAt || date.minus({ hours: 1 });
        const duration = Math.round(date.diff(start, "seconds").seconds);
        if (duration < 0) {
            this.draft.state.error = _t("The meeting ends before it begins.");
        } else {
            this.draft.update({ started_at: serializeDateTime(start), duration });
        }
    }

    get obstacle() {
        if (!this.draft.form.started_at) {
            return _t("When did the meeting begin?");
        }
        if (!this.draft.form.participant_ids.length && !this.draft.form.participants) {
            return _t("Who took part in the meeting?");
        }
        return "";
    }

    get sendLabel() {
        return _t("Save meeting record");
    }
}

composers.add(
    "meeting",
    {
        label: _t("Meeting"),
        icon: "fa-users",
        component: MeetingForm,
        available: ({ kinds = [] }) => kinds.includes("meeting"),
        words: {
            many: _t("Meetings"),
            command: _t("Log a meeting"),
            writing: (name) => _t("%s is logging a meeting…", name),
            card: () => ({ label: _t("Meeting"), icon: "" }),
        },
    },
    { sequence: 40 },
);
