import { describe, expect, test } from "@odoo/hoot";
import { advanceTime, mockDate } from "@odoo/hoot-mock";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { describeChange } from "@servicedesk/backend/timeline/event_line/event_line";
import { linkifyReach, readReach, splitReach } from "@servicedesk/backend/common/address_actions/linkify";
import { TicketPresence } from "@servicedesk/backend/ticket/presence/presence_service";
import { findPlaces, fold, splitWords } from "@servicedesk/backend/timeline/ticket_search/highlight";
import { layOut, passes } from "@servicedesk/backend/timeline/entries";
import { filterChips } from "@servicedesk/backend/timeline/filter_chips";
import { findDivider } from "@servicedesk/backend/timeline/reads/reading";
import { makeItem } from "./timeline_helpers";

describe.current.tags("headless");

const found = (text) =>
    splitReach(text)
        .map(({ reach }) => reach)
        .filter(Boolean);

test("e-mail addresses and numbers are found in texts", () => {
    const cases = {
        "Write to jana.novotna@stavby-vltava.co.uk, please.": ["jana.novotna@stavby-vltava.co.uk"],
        "(petr+sd@severka.example)": ["petr+sd@severka.example"],
        "call 602 123 456 or 602123456": ["602 123 456", "602123456"],
        "+420 602 123 456, +421 905 123 456": ["+420 602 123 456", "+421 905 123 456"],
        "00420 602 123 456": ["00420 602 123 456"],
        "+44 (20) 7946 0958": ["+44 (20) 7946 0958"],
        "tel. 0905 123 456, 0905/123 456": ["0905 123 456", "0905/123 456"],
        "02/1234 5678": ["02/1234 5678"],
        "222-333-444": ["222-333-444"],
        "602\u00a0123\u00a0456": ["602\u00a0123\u00a0456"],
    };
    for (const [text, expected] of Object.entries(cases)) {
        expect(found(text)).toEqual(expected, { message: text });
    }
    for (const [text] of Object.entries(cases)) {
        expect(
            splitReach(text)
                .map((part) => part.text)
                .join(""),
        ).toBe(text);
    }
});

test("other figures are left alone", () => {
    for (const text of [
        "celkem 250 000 000 Kč",
        "250 000 000,50 EUR",
        "faktura 2026001234",
        "IČO 27074358",
        "účet 123456789/0100",
        "21. 11. 2026 14:18",
        "10.0.123.456",
        "verze 19.0.20260301",
        "SD-10482",
        "user@localhost",
        "2 345 678 901 234",
        "https://severka.example/602123456/x",
    ]) {
        expect(found(text)).toEqual([], { message: text });
    }
});

test("links in a mail keep their own target, text becomes links", () => {
    const { body } = new DOMParser().parseFromString(
        `<p>eva@a.example <a href="https://b.example">x@b.example</a> <a href="mailto:c%2Bd@c.example?subject=x">c</a></p>`,
        "text/html",
    );
    linkifyReach(body);
    const links = [...body.querySelectorAll("a")];
    expect(links.map((link) => link.getAttribute("href"))).toEqual([
        "mailto:eva@a.example",
        "https://b.example",
        "mailto:c%2Bd@c.example?subject=x",
    ]);
    expect(links.map(readReach)).toEqual(["eva@a.example", "", "c+d@c.example"]);
});

test("search marks words without minding case and diacritics", () => {
    expect(fold("Příliš\u00a0ŽLUŤOUČKÝ")).toBe("prilis zlutoucky");
    expect(splitWords("  Kůň  běží ")).toEqual(["kun", "bezi"]);
    expect(findPlaces("Kůň, kun a KŮŇ", ["kun"])).toEqual([
        [0, 3],
        [5, 8],
        [11, 14],
    ]);
    expect(findPlaces("abcabc", ["abc", "ab"])).toEqual([
        [0, 3],
        [3, 6],
    ]);
});

const item = (id, values) => makeItem({ id, ...values });

test("the divider stands above the first unread item, not above events or what failed", () => {
    mockDate("2026-11-19 12:00:00");
    const event = { key: "servicedesk.event-9", type: "event", kind: "owner_id", new: "Petr", date: item(1).date };
    const entries = [item(1), event, item(2, { unread: true }), item(3, { unread: true })];
    expect(findDivider(entries)).toBe("servicedesk.item-2");
    expect(findDivider([item(1), event])).toBe(null);
    expect(findDivider([item(1, { state: "failed", unread: true })])).toBe(null);
    const rows = layOut(entries, "all", "servicedesk.item-2");
    expect(rows.map(({ key }) => key)).toEqual([
        "day-2026-11-19",
        "servicedesk.item-1",
        "servicedesk.event-9",
        "divider",
        "servicedesk.item-2",
        "servicedesk.item-3",
    ]);
});

test("a kind has a chip as soon as the ticket has one of it", () => {
    allowTranslations();
    const chips = filterChips({ counts: { email: 12, sms: 3, important: 1 }, entries: [item(1)] });
    expect(chips.map(({ id }) => id)).toEqual(["all", "email", "sms", "note", "mine", "important", "event"]);
    expect(chips.map(({ count }) => count)).toEqual([15, 12, 3, 0, 0, 1, 0]);
    expect(passes(item(1, { kind: "sms" }), "sms")).toBe(true);
    expect(passes({ type: "event", kind: "sms" }, "sms")).toBe(false);
});

test("changes read as sentences", () => {
    allowTranslations();
    const change = { kind: "priority", label: "Priority", old: "Normal", new: "High", author: "Petr" };
    expect(describeChange(change)).toEqual({ label: "Priority", change: "Normal → High", author: "Petr" });
    expect(describeChange({ kind: "owner_id", label: "Owner", old: "", new: "Jana" }).change).toBe("nobody → Jana");
});

test("who is here is known by hearing, and forgotten in time", async () => {
    const said = [];
    const presence = new TicketPresence(7, async (options) => said.push(options));
    presence.enter();
    presence.hear({ user_id: 2, name: "Jana", writing: "", hello: true });
    expect(presence.others.map(({ name }) => name)).toEqual(["Jana"]);
    await advanceTime(600);
    expect(said).toEqual([{ writing: "", hello: true }, { writing: "" }]); // the newcomer is answered
    presence.hear({ user_id: 2, name: "Jana", writing: "note" });
    expect(presence.writers).toHaveLength(1);
    await advanceTime(51_000);
    presence.tick();
    expect(presence.writers).toHaveLength(0);
    expect(presence.others).toHaveLength(1);
    await advanceTime(100_000);
    presence.tick();
    expect(presence.others).toHaveLength(0);
    said.length = 0;
    await advanceTime(200_000);
    presence.tick();
    expect(said).toEqual([]); // alone one says nothing
    presence.typed("email");
    presence.typed("email");
    expect(said).toEqual([{ writing: "email" }]);
    await advanceTime(31_000);
    presence.tick();
    expect(said.at(-1)).toEqual({ writing: "" });
    presence.hear({ user_id: 3, name: "Eva", writing: "" });
    presence.hear({ user_id: 3, name: "Eva", leaving: true });
    expect(presence.others).toHaveLength(0);
});
