import { animationFrame } from "@odoo/hoot-mock";
import { mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { Timeline } from "@servicedesk/backend/timeline/timeline";

let nextId = 1;

const pad = (number) => String(number).padStart(2, "0");

/** An item as the server describes it: a customer's mail, later the greater its id. */
export function makeItem({ id = nextId++, ...values } = {}) {
    return {
        key: `servicedesk.item-${id}`,
        type: "item",
        id,
        kind: "email",
        direction: "in",
        state: "received",
        date: `2026-11-19 10:${pad(Math.floor(id / 60))}:${pad(id % 60)}`,
        author: { name: "Jana Novotná", user_id: false, partner_id: 1 },
        subject: "VPN",
        email_from: "Jana Novotná <jana@acme.example>",
        email_to: "support@severka.example",
        email_cc: "",
        email_bcc: "",
        body: "<p>It falls</p>",
        preview: "It falls",
        important: false,
        third_party: false,
        parent_id: false,
        reason: "",
        original_id: false,
        failure_reason: "",
        failure_detail: "",
        sent_at: "",
        attachments: [],
        ...values,
    };
}

/** An internal note of a colleague, under another item when it has a `parent_id`. */
export function makeNote(values = {}) {
    return makeItem({
        kind: "note",
        direction: "internal",
        state: "done",
        author: { name: "Petr Dvořák", user_id: 7 },
        ...values,
    });
}

/** A change of the ticket: the owner, unless `values` say otherwise. */
export function makeEvent({ id = nextId++, ...values } = {}) {
    return {
        key: `servicedesk.event-${id}`,
        type: "event",
        id,
        kind: "owner_id",
        date: "2026-11-19 10:30:00",
        label: "Owner",
        old: "",
        new: "Petr Dvořák",
        author: "Admin",
        ...values,
    };
}

/** What the server answers when the newest page is asked for. */
export function makePage(entries, values = {}) {
    return { entries, cursor: null, counts: {}, drafts: [], unsettled: [], ...values };
}

/** Mount a time line; `getPage` is its page, or a function of the call; `markRead` answers that call. */
export async function mountTimeline(getPage, markRead = () => false) {
    onRpc("servicedesk.timeline", "get_page", typeof getPage === "function" ? getPage : () => getPage);
    onRpc("servicedesk.ticket", "mark_read", markRead);
    await mountWithCleanup(Timeline, { props: { ticketId: 1 } });
    await animationFrame();
}
