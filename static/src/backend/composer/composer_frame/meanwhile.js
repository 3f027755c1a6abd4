import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { readTime, shortTime } from "../../common/dates";

/** What others have said on the ticket since the composer was opened. */
export class Meanwhile {
    constructor(orm, { ticketId }) {
        this.orm = orm;
        this.ticketId = ticketId;
        this.known = new Set();
        this.since = "";
        this.answer = null; // a colleague's answer that one has not agreed to send beside
    }

    /** Take these entries of the time line for known. */
    open(entries = []) {
        this.known = new Set(entries.map(({ key }) => key));
        this.since = entries.reduce((last, { date }) => (date > last ? date : last), "");
    }

    /** The newest message that came in, or that a colleague sent, since; undefined where there is none. */
    news(entries = []) {
        return entries.findLast(
            (entry) =>
                entry.type === "item" &&
                !this.known.has(entry.key) &&
                ["in", "out"].includes(entry.direction) &&
                !["draft", "scheduled"].includes(entry.state) &&
                entry.author.user_id !== user.userId,
        );
    }

    newsLabel(entry) {
        const values = { name: entry.author.name, time: shortTime(readTime(entry.date)) };
        return entry.direction === "in"
            ? _t("A message has come meanwhile: %(name)s, %(time)s", values)
            : _t("Reply sent meanwhile: %(name)s, %(time)s", values);
    }

    /** Ask the server whether a colleague has answered since; true where one has, and `answer` says who. */
    async findAnswer() {
        if (this.since) {
            const ids = [...this.known].filter((key) => key.startsWith("servicedesk.item-"));
            const [answer] = await this.orm.silent.call("servicedesk.item", "find_answers_since", [
                this.ticketId,
                this.since,
                ids.map((key) => Number(key.split("-").at(-1))),
            ]);
            this.answer = answer || null;
        }
        return Boolean(this.answer);
    }

    get answerLabel() {
        const { name, date } = this.answer;
        return _t("Reply sent meanwhile: %(name)s, %(time)s. Nothing of yours has been sent yet.", {
            name,
            time: shortTime(readTime(date)),
        });
    }

    /** Send beside that answer: it is known now. */
    accept() {
        this.known.add(`servicedesk.item-${this.answer.id}`);
        this.answer = null;
    }
}
