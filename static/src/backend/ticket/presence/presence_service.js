import { reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

const TICK = 10_000;
const HEARTBEAT = 60_000; // only while somebody else is here
const WRITING_HEARTBEAT = 20_000;
const FORGET = 150_000;
const FORGET_WRITING = 50_000;
const WRITING_PAUSE = 30_000; // without a key one is not writing any more
const ANSWER_SPREAD = 500; // so that many screens do not answer a newcomer at the same moment

/** Who else has one ticket open, and who of them writes; kept by listening, nothing is stored anywhere. */
export class TicketPresence {
    constructor(ticketId, announce) {
        this.ticketId = ticketId;
        this.announce = announce; // (options) => Promise
        this.people = {}; // by user: {id, name, writing, until, writingUntil}
        this.writing = "";
        this.readers = [];
        this.typedAt = 0;
        this.saidAt = 0;
    }

    get others() {
        return Object.values(this.people);
    }

    get writers() {
        return this.others.filter(({ writing }) => writing);
    }

    say(options = {}) {
        this.saidAt = Date.now();
        return this.announce({ writing: this.writing, ...options }).catch(() => {});
    }

    enter() {
        return this.say({ hello: true });
    }

    leave() {
        browser.clearTimeout(this.answering);
        return this.say({ writing: "", leaving: true });
    }

    /** Called at every key in a composer, and with `""` when it closes. */
    typed(kind) {
        this.typedAt = Date.now();
        if (kind !== this.writing) {
            this.writing = kind;
            this.say();
        }
    }

    hear({ user_id: id, name, writing, hello, leaving }) {
        if (leaving) {
            delete this.people[id];
            return;
        }
        const now = Date.now();
        this.people[id] = { id, name, writing, until: now + FORGET, writingUntil: now + FORGET_WRITING };
        if (hello) {
            browser.clearTimeout(this.answering);
            this.answering = browser.setTimeout(() => this.say(), Math.random() * ANSWER_SPREAD);
        }
    }

    tick() {
        const now = Date.now();
        for (const person of this.others) {
            if (person.until < now) {
                delete this.people[person.id];
            } else if (person.writing && person.writingUntil < now) {
                person.writing = "";
            }
        }
        if (this.writing && now - this.typedAt > WRITING_PAUSE) {
            this.writing = "";
            this.say();
        } else if (
            this.others.length &&
            document.visibilityState === "visible" &&
            now - this.saidAt >= (this.writing ? WRITING_HEARTBEAT : HEARTBEAT)
        ) {
            this.say();
        }
    }
}

export const presenceService = {
    dependencies: ["bus_service", "orm"],

    start(_env, { bus_service: bus, orm }) {
        const tickets = new Map(); // id → {presence, count}
        let timer;

        bus.subscribe("servicedesk.ticket/presence", (message) => {
            if (message.user_id !== user.userId) {
                tickets.get(message.id)?.presence.hear(message);
            }
        });
        const greet = () => tickets.forEach(({ presence }) => presence.enter());
        bus.addEventListener("BUS:RECONNECT", greet);
        document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && greet());
        // The page is closing: an ordinary call would be cut off.
        window.addEventListener("pagehide", () => {
            for (const id of tickets.keys()) {
                const params = { model: "servicedesk.ticket", method: "announce", args: [[id]] };
                params.kwargs = { leaving: true };
                const body = JSON.stringify({ jsonrpc: "2.0", method: "call", params });
                browser.navigator.sendBeacon(
                    "/web/dataset/call_kw/servicedesk.ticket/announce",
                    new Blob([body], { type: "application/json" }),
                );
            }
        });

        return {
            /** What is known about a ticket that is open on this page, or null. */
            get: (ticketId) => tickets.get(ticketId)?.presence || null,
            enter(ticketId) {
                let known = tickets.get(ticketId);
                if (!known) {
                    const announce = (options) =>
                        orm.silent.call("servicedesk.ticket", "announce", [[ticketId]], options);
                    known = { presence: reactive(new TicketPresence(ticketId, announce)), count: 0 };
                    tickets.set(ticketId, known);
                    known.presence.enter();
                }
                known.count++;
                timer ||= browser.setInterval(() => tickets.forEach(({ presence }) => presence.tick()), TICK);
                return known.presence;
            },
            leave(ticketId) {
                const known = tickets.get(ticketId);
                if (known && --known.count <= 0) {
                    tickets.delete(ticketId);
                    known.presence.leave();
                    if (!tickets.size) {
                        browser.clearInterval(timer);
                        timer = null;
                    }
                }
            },
        };
    },
};

registry.category("services").add("servicedesk.presence", presenceService);
