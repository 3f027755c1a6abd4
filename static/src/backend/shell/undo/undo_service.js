import { reactive } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { composerOf } from "../../composer/composer_tabs/composer_tabs";

/** Asks the time line of a ticket, over `env.bus`, to have a mail back: `{ticketId, id, kind, run, handled}`, kind: of composer. */
export const TAKE_BACK = "SERVICEDESK:TAKE_BACK";

const HOLD = 60; // seconds for which the server is asked to wait while the pointer rests on the bar
const GRACE = 300; // ms after the end, so that the mail is due on the server too

/**
 * One's mails that have been sent and can still be taken back, each with its countdown. The server decides when a
 * mail leaves; this shows it, holds it on request, and wakes a worker at the end. Lives as long as the page, so that
 * a mail can be had back from the next ticket too.
 */
export class Undo {
    constructor(env, { orm, action, notification }) {
        Object.assign(this, { env, orm: orm.silent, action, notification });
        this.state = reactive({ mails: [] });
        this.settled = new Map(); // id → when it was decided; what was asked before knows nothing of it
    }

    /** Show a countdown for those entries of a time line that have one, as of the time when they were asked for. */
    offer(ticketId, entries, asOf = Date.now()) {
        for (const entry of entries) {
            const { id, kind, remaining, email_to, phone_to } = entry;
            if (remaining > 0.5 && !this.find(id) && !(this.settled.get(id) >= asOf)) {
                const to = email_to || phone_to;
                const composer = composerOf(entry);
                this.state.mails.push({
                    ...{ id, ticketId, kind, composer, to },
                    ...{ total: remaining, left: remaining, held: false },
                });
                this.run(this.find(id));
            }
        }
    }

    find(id) {
        return this.state.mails.find((mail) => mail.id === id);
    }

    remove(id) {
        const mail = this.find(id);
        this.settled.set(id, Date.now());
        if (mail) {
            browser.clearTimeout(mail.timer);
            browser.clearInterval(mail.holding);
            this.state.mails = this.state.mails.filter((other) => other.id !== id);
        }
    }

    run(mail) {
        mail.held = false;
        mail.until = Date.now() + mail.left * 1000;
        mail.timer = browser.setTimeout(() => this.end(mail.id), mail.left * 1000 + GRACE);
    }

    /** Seconds that are left at this moment. */
    left(mail) {
        return mail.held ? mail.left : Math.max((mail.until - Date.now()) / 1000, 0);
    }

    async end(id) {
        this.remove(id);
        // The minute job sends it where this fails.
        await this.orm.call("servicedesk.item", "action_flush", [[id]]).catch(() => {});
    }

    hold(id) {
        const mail = this.find(id);
        if (!mail || mail.held) {
            return;
        }
        mail.left = this.left(mail);
        mail.held = true;
        browser.clearTimeout(mail.timer);
        const ask = () => this.postpone(id, HOLD);
        mail.holding = browser.setInterval(ask, (HOLD / 2) * 1000);
        return ask();
    }

    async resume(id) {
        const mail = this.find(id);
        if (!mail?.held) {
            return;
        }
        browser.clearInterval(mail.holding);
        const { left } = mail;
        await this.postpone(id, Math.ceil(left));
        this.find(id) && this.run(mail);
    }

    /** Call the server about one mail; the calls do not overtake each other. */
    call(mail, method, ...args) {
        const run = () => this.orm.call("servicedesk.item", method, [[mail.id], ...args]);
        const settle = () => this.find(mail.id) || this.settled.set(mail.id, Date.now());
        mail.queue = (mail.queue || Promise.resolve()).then(run, run).finally(settle);
        return mail.queue;
    }

    async postpone(id, seconds) {
        try {
            await this.call(this.find(id), "action_hold", seconds);
        } catch {
            this.remove(id); // it has left, or lies in other hands
        }
    }

    async takeBack(id) {
        const mail = this.find(id);
        const { ticketId, composer: kind } = mail;
        this.remove(id);
        const run = () => this.call(mail, "action_take_back").catch((error) => this.restore(mail, error));
        const request = { ticketId, id, kind, run, handled: null };
        this.env.bus.trigger(TAKE_BACK, request);
        if (request.handled) {
            return request.handled;
        }
        try {
            await run();
        } catch (error) {
            this.notification.add(error.data?.message || _t("The server did not answer."), { type: "warning" });
            return;
        }
        await this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "servicedesk.ticket",
            res_id: ticketId,
            views: [[false, "form"]],
            context: { servicedesk_compose: kind },
        });
    }

    /** It could not be had back, perhaps because another draft is in the way: as long as there is time, try again. */
    restore(mail, error) {
        const left = mail.held ? mail.left : (mail.until - Date.now()) / 1000;
        if (left > 0.5 && !this.find(mail.id)) {
            this.settled.delete(mail.id);
            this.state.mails.push(Object.assign(mail, { left }));
            this.run(this.find(mail.id));
        }
        throw error;
    }

    async sendNow(id) {
        const mail = this.find(id);
        this.remove(id);
        await this.call(mail, "action_send_now").catch(() => {});
    }
}

registry.category("services").add("servicedesk.undo", {
    dependencies: ["orm", "action", "notification"],
    start(env, services) {
        return new Undo(env, services);
    },
});
