import { describe, expect, test } from "@odoo/hoot";
import { click, press, queryAll, queryAllTexts, queryText } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { contains, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { layOut, mergeEntries } from "@servicedesk/backend/timeline/entries";
import { makeEvent, makeItem, makeNote, makePage, mountTimeline } from "./timeline_helpers";

describe.current.tags("desktop");
defineMailModels();

test("order: by time, what waits for a decision last", () => {
    const failed = makeItem({ state: "failed", direction: "out", date: "2026-11-19 09:00:00" });
    const old = makeItem({ date: "2026-11-18 10:00:00" });
    const late = makeItem({ date: "2026-11-19 11:00:00" });
    const entries = mergeEntries([late], [failed, old]);
    expect(entries).toEqual([old, late, failed]);
    const sent = { ...failed, state: "sent" };
    expect(mergeEntries(entries, [sent])).toEqual([old, sent, late]);
});

test("a line stands between two days, none before what waits", () => {
    const rows = layOut([
        makeItem({ date: "2026-11-18 10:00:00" }),
        makeItem({ date: "2026-11-19 10:00:00" }),
        makeItem({ state: "failed", date: "2026-11-17 10:00:00" }),
    ]);
    expect(rows.map((row) => Boolean(row.day))).toEqual([true, false, true, false, false]);
});

test("side, icon and words tell where an item went", async () => {
    mockDate("2026-11-19 12:00:00");
    await mountTimeline(
        makePage([
            makeItem(),
            makeItem({
                direction: "out",
                state: "sent",
                sent_at: "2026-11-19 10:46:00",
                author: { name: "Petr", user_id: 2 },
            }),
            makeNote({ body: "<p>secret</p>" }),
        ]),
    );
    expect("article").toHaveCount(3);
    expect("article:eq(0)").toHaveClass("o_sd_in");
    expect("article:eq(0) .oi-arrow-down-left").toHaveCount(1);
    expect("article:eq(1)").toHaveClass("o_sd_out");
    expect("article:eq(1) .oi-arrow-up-right").toHaveCount(1);
    expect(queryText("article:eq(1) .o_sd_delivery")).toMatch(/^Sent .*, the mail server took it over$/);
    expect("article:eq(2)").toHaveClass("o_sd_int");
    expect("article:eq(2) .fa-lock").toHaveCount(1);
    expect(queryText("article:eq(2) .o_sd_kind")).toBe("Internal note");
    expect("article:eq(2) .o_sd_addresses:contains('@')").toHaveCount(0);
});

test("events are readable sentences", async () => {
    await mountTimeline(
        makePage([
            makeEvent({ kind: "created", author: "", new: "email" }),
            makeEvent(),
            makeEvent({ kind: "priority", label: "Priority", old: "Normal", new: "High", author: "Petr" }),
        ]),
    );
    expect(queryAllTexts(".o_sd_event span")).toEqual([
        "Created from an e-mail",
        "Owner: nobody → Petr Dvořák · Admin",
        "Priority: Normal → High · Petr",
    ]);
});

test("what a server said is folded under the words", async () => {
    const words = "The recipient's mailbox is full.";
    const said = { failure_reason: words, failure_detail: "552 5.2.2 over quota" };
    await mountTimeline(makePage([makeItem({ direction: "out", state: "failed", ...said }), makeItem()]));
    expect(queryText(".o_sd_failed .o_sd_reason")).toBe(words);
    expect("[data-hook=failure_detail]").toHaveCount(1);
    expect("[data-hook=failure_detail][open]").toHaveCount(0);
    await contains("[data-hook=failure_detail] summary").click();
    expect("[data-hook=failure_detail] span").toHaveText("552 5.2.2 over quota");
    expect("[data-hook=failure_detail] span").toBeVisible();
});

test("what failed says why and offers its repair", async () => {
    onRpc("servicedesk.item", "action_retry", ({ args }) => {
        expect.step(["retry", ...args[0]]);
        return true;
    });
    const failed = makeItem({ direction: "out", state: "failed", failure_reason: "550 No such user" });
    const unknown = makeItem({ direction: "out", state: "unknown", failure_reason: "The server stopped." });
    await mountTimeline(makePage([makeItem()], { unsettled: [failed, unknown] }));
    expect(queryText(".o_sd_failed .o_sd_reason")).toBe("550 No such user");
    expect(queryAllTexts(".o_sd_failed .o_sd_repair button")).toEqual(["Try again", "Edit and resend"]);
    expect(queryAllTexts(".o_sd_unknown .o_sd_repair button")).toEqual(["Mark as sent", "Send again"]);
    await contains(".o_sd_failed .o_sd_repair button").click();
    expect.verifySteps([["retry", failed.id]]);
});

test("remote pictures load only when asked for", async () => {
    // Neither shown nor near the screen: even when allowed it is not fetched by this test.
    const picture = `<div style="display: none"><img loading="lazy" src="https://tracker.invalid/p.gif"></div>`;
    await mountTimeline(makePage([makeItem({ body: `<p>x</p>${picture}` })]));
    expect("article .o_sd_body:shadow img[src*=tracker]").toHaveCount(0);
    await contains(".o_sd_remote").click();
    expect("article .o_sd_body:shadow img[src*=tracker]").toHaveCount(1);
    expect(".o_sd_remote").toHaveCount(0);
});

test("pictures are thumbnails, other files chips, inline ones only in the text", async () => {
    await mountTimeline(
        makePage([
            makeItem({
                body: `<p>see</p><img src="/web/image/13">`,
                attachments: [
                    { id: 11, name: "a.png", mimetype: "image/png", size: 10, inline: false },
                    { id: 12, name: "b.pdf", mimetype: "application/pdf", size: 1200000, inline: false },
                    { id: 13, name: "c.png", mimetype: "image/png", size: 10, inline: false },
                    { id: 14, name: "logo.png", mimetype: "image/png", size: 10, inline: true },
                ],
            }),
        ]),
    );
    expect(".o_sd_file").toHaveCount(2);
    expect(".o_sd_thumb img[data-src^='/web/image/11/']").toHaveCount(1);
    expect(queryText(".o_sd_doc")).toInclude("b.pdf");
    expect(queryText(".o_sd_doc small")).toBe("1.2 MB");
    expect(".o_sd_file_action[href*='/web/content/12']").toHaveCount(1);
});

test("chips filter by kind, collapsing shows the first words", async () => {
    await mountTimeline(makePage([makeItem(), makeNote(), makeEvent()]));
    await contains("[data-filter=note]").click();
    expect("article").toHaveCount(1);
    expect(".o_sd_event").toHaveCount(0);
    await contains("[data-filter=note]").click();
    expect("article").toHaveCount(2);
    await contains("[aria-label='Collapse all']").click();
    expect(".o_sd_body").toHaveCount(0);
    expect(queryAllTexts("article .o_sd_addresses")).toEqual(["It falls", "It falls"]);
});

test("an error stays where it happened, with a way out", async () => {
    let fail = true;
    await mountTimeline(() => {
        if (fail) {
            throw new Error("no line");
        }
        return makePage([makeItem()]);
    });
    expect(".o_sd_problem").toHaveCount(1);
    fail = false;
    await contains(".o_sd_problem button").click();
    await animationFrame();
    expect("article").toHaveCount(1);
});

test("older entries come on demand and stand above", async () => {
    const old = makeItem({ date: "2026-11-01 10:00:00", body: "<p>long ago</p>" });
    const cursor = { item: ["2026-11-19 10:00:00", 1] };
    await mountTimeline(({ kwargs }) => (kwargs.cursor ? makePage([old]) : makePage([makeItem()], { cursor })));
    await contains(".o_sd_older").click();
    await animationFrame();
    expect("article").toHaveCount(2);
    expect(queryText("article:eq(0) .o_sd_body:shadow .o_sd_text")).toBe("long ago");
    expect(".o_sd_older").toHaveCount(0);
});

test("keys work outside of fields and move between items", async () => {
    onRpc("servicedesk.item", "prepare_draft", ({ args }) => {
        expect.step(args[1]);
        return { id: false, kind: args[1], body: "", attachments: [], email_to: "jana@acme.example" };
    });
    await mountTimeline(makePage([makeItem(), makeItem()]));
    await press(["alt", "ArrowUp"]);
    expect("article:eq(1)").toBeFocused();
    await press(["alt", "ArrowUp"]);
    expect("article:eq(0)").toBeFocused();
    await press("n");
    await animationFrame();
    expect.verifySteps(["note"]);
    expect(".o_sd_composer_note").toHaveCount(1);
    expect(queryText(".o_sd_send")).toBe("Save internal note");
});

test("the composer names the recipient and refuses what is no address", async () => {
    onRpc("servicedesk.item", "prepare_draft", () => ({
        id: false,
        kind: "email",
        email_from: "support@severka.example",
        email_to: "Jana Novotná <jana@acme.example>",
        subject: "Re: VPN",
        body: "<p>Hello</p>",
        attachments: [],
    }));
    onRpc("servicedesk.item", "suggest_addresses", () => []);
    onRpc("servicedesk.item", "save_draft", ({ args }) => {
        expect.step(["save", args[2].email_to]);
        return 5;
    });
    onRpc("servicedesk.item", "find_answers_since", () => []);
    onRpc("servicedesk.item", "action_send", ({ args }) => {
        expect.step(["send", ...args[0]]);
        return {};
    });
    await mountTimeline(makePage([makeItem()]));
    await contains(".o_sd_reply").click();
    await animationFrame();
    expect(queryText(".o_sd_send")).toBe("Send: Jana Novotná");
    await contains(".o_sd_address input:eq(0)").fill("nobody", { confirm: "Enter" });
    expect(".o_sd_invalid").toHaveCount(1);
    await contains(".o_sd_send").click();
    expect(queryText(".o_sd_error")).toInclude("nobody");
    await contains(".o_sd_invalid button").click();
    await contains(".o_sd_address input:eq(0)").fill("petr@acme.example (Petr)", { confirm: "Enter" });
    expect(queryText(".o_sd_send")).toBe("Send: Jana Novotná +1");
    await advanceTime(1000);
    await contains(".o_sd_send").click();
    await animationFrame();
    expect(".o_sd_composer").toHaveCount(0);
    expect(queryAll("article")).toHaveLength(1);
    expect.verifySteps([
        ["save", "Jana Novotná <jana@acme.example>, petr@acme.example (Petr)"],
        ["send", 5],
    ]);
});

test("an error of the server is shown and what was typed stays", async () => {
    onRpc("servicedesk.item", "prepare_draft", () => ({
        id: 5,
        kind: "note",
        body: "<p>typed</p>",
        attachments: [],
    }));
    onRpc("servicedesk.item", "action_send", () => {
        throw new Error("closed meanwhile");
    });
    await mountTimeline(makePage([makeItem()]));
    await click(".o_sd_note");
    await animationFrame();
    await contains(".o_sd_send").click();
    await animationFrame();
    expect(".o_sd_error").toHaveCount(1);
    expect(queryText(".o_sd_editor")).toBe("typed");
});

test("what another app posted is a card of its own, read-only, with a chip to show it alone", async () => {
    const message = {
        key: "mail.message-9",
        type: "message",
        id: 9,
        date: "2026-11-19 10:05:00",
        author: { name: "OdooBot", user_id: 1, partner_id: 2 },
        subject: "",
        body: "<p class='modal'>Order <b>S0042</b></p><img src='https://far.example/x.png'>",
        activity: "",
        recipients: "Jana",
        changes: [{ label: "Stage", old: "New", new: "Won" }],
        attachments: [],
    };
    await mountTimeline(makePage([makeItem(), message]));
    expect("article").toHaveCount(2);
    expect(queryText("article.o_sd_app .o_sd_kind")).toBe("Other app");
    expect(queryText("article.o_sd_app .o_sd_body:shadow .o_sd_text")).toBe("Order S0042");
    expect(queryText("article.o_sd_app li")).toBe("Stage: New → Won");
    expect("article.o_sd_app .modal, article.o_sd_app .o_sd_more").toHaveCount(0);
    expect("article.o_sd_app .o_sd_body:shadow img[src]").toHaveCount(0);
    await click(".o_sd_chip[data-filter=message]");
    await animationFrame();
    expect("article").toHaveCount(1);
    expect("article.o_sd_app").toHaveCount(1);
});
