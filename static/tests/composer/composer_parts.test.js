import { describe, expect, test } from "@odoo/hoot";
import { advanceTime, runAllTimers } from "@odoo/hoot-mock";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { user } from "@web/core/user";
import { Meanwhile } from "@servicedesk/backend/composer/composer_frame/meanwhile";
import { fillTemplate, findMissing } from "@servicedesk/backend/composer/mail_composer/template_text";
import { presets } from "@servicedesk/backend/composer/send_later/presets";
import { plainText } from "@servicedesk/backend/composer/template_picker/plain_text";
import { readShortcut } from "@servicedesk/backend/composer/template_picker/shortcut_plugin";
import { dropWithdrawn, layOut, mergeEntries } from "@servicedesk/backend/timeline/entries";
import { Undo } from "@servicedesk/backend/shell/undo/undo_service";
import { makeItem } from "../timeline/timeline_helpers";

describe.current.tags("headless");

const { DateTime } = luxon;
const at = (text) => DateTime.fromISO(text, { zone: "Europe/Prague" });
const entry = (id, values) => makeItem({ id, ...values });

test("times to send later: none in the past, none twice, by the clock of the user", () => {
    allowTranslations();
    const ids = (now) => presets(at(now)).map(({ id, at: time }) => [id, time.toFormat("ccc d.M. H:mm")]);
    expect(ids("2026-11-19T09:00")).toEqual([
        ["afternoon", "Thu 19.11. 16:00"],
        ["tomorrow", "Fri 20.11. 8:00"],
        ["monday", "Mon 23.11. 8:00"],
    ]);
    expect(ids("2026-11-19T15:55").map(([id]) => id)).toEqual(["tomorrow", "monday"]);
    expect(ids("2026-11-22T23:30")).toEqual([["tomorrow", "Mon 23.11. 8:00"]]);
    // The clock goes back at night: eight in the morning stays eight.
    expect(ids("2026-10-24T20:00")[0]).toEqual(["tomorrow", "Sun 25.10. 8:00"]);
});

test("what has been taken back leaves the time line, other entries stay", () => {
    const known = [
        entry(1),
        entry(2, { state: "queued" }),
        entry(3, { state: "scheduled" }),
        entry(4, { state: "draft" }),
        entry(5, { state: "scheduled" }),
    ];
    const page = { entries: [], unsettled: [known[4]] };
    expect(dropWithdrawn(known, page).map(({ id }) => id)).toEqual([1, 5]);
});

test("what waits for its time stands last", () => {
    const rows = layOut(mergeEntries([], [entry(1, { state: "scheduled" }), entry(2)]));
    expect(rows.filter((row) => row.entry).map((row) => row.entry.id)).toEqual([2, 1]);
});

test("the composer knows what is new, and what is one's own", () => {
    allowTranslations();
    const meanwhile = new Meanwhile(null, { ticketId: 1 });
    meanwhile.open([entry(1)]);
    expect(meanwhile.news([entry(1)])).toBe(undefined);
    const own = entry(2, { direction: "out", author: { name: "Me", user_id: user.userId } });
    expect(meanwhile.news([entry(1), own])).toBe(undefined);
    expect(meanwhile.news([entry(1), entry(3), own]).id).toBe(3);
    expect(meanwhile.news([entry(1), entry(4, { direction: "internal" })])).toBe(undefined);
});

test("a colleague's answer stops the sending until one agrees", async () => {
    const calls = [];
    const answers = [{ id: 9, name: "Lenka", date: "2026-11-19 10:05:00" }];
    const call = async (_model, _method, [, since, ids]) => {
        calls.push([since, ids]);
        return answers.filter(({ id }) => !ids.includes(id));
    };
    const meanwhile = new Meanwhile({ silent: { call } }, { ticketId: 1 });
    meanwhile.open([entry(1), entry(2)]);
    expect(await meanwhile.findAnswer()).toBe(true);
    expect(calls).toEqual([["2026-11-19 10:00:02", [1, 2]]]);
    meanwhile.accept();
    expect(await meanwhile.findAnswer()).toBe(false);
});

test("a template as plain text, for an SMS", () => {
    expect(plainText("<p>Good day <b>Jana</b>,</p>\n<p>we&nbsp;come <i>today</i>.<br>Petr</p>")).toBe(
        "Good day Jana,\nwe come today.\nPetr",
    );
    expect(plainText("<div>To bring:<ul><li>keys</li><li><p>badge</p></li></ul></div>Bye")).toBe(
        "To bring:\n- keys\n- badge\nBye",
    );
    expect(plainText('<p>See <a href="https://a.example/x">our pages</a>.</p>')).toBe(
        "See our pages https://a.example/x.",
    );
    expect(plainText('<p><a href="https://a.example">https://a.example</a></p>')).toBe("https://a.example");
    expect(plainText('<p>Call <span class="o_sd_missing">[[your number]]</span></p>')).toBe("Call [[your number]]");
    expect(plainText('<img src="x" onerror="alert(1)"><p><br></p>')).toBe("");
});

test("two colons ask for a template at the beginning of a word only", () => {
    expect(readShortcut("::")).toBe("");
    expect(readShortcut("Hello ::he")).toBe("he");
    expect(readShortcut("std::vector")).toBe(null);
    expect(readShortcut(":: and on")).toBe(null);
});

function makeUndo(fail = {}) {
    const calls = [];
    const call = async (_model, method, [ids, ...args]) => {
        calls.push([method, ...ids, ...args]);
        if (fail[method]) {
            throw new Error(fail[method]);
        }
    };
    const env = { bus: new EventTarget() };
    env.bus.trigger = () => {};
    const orm = { silent: { call } };
    const action = { doAction: async (values) => calls.push(["open", values.res_id]) };
    const notification = { add: (text) => calls.push(["notify", text]) };
    return { calls, undo: new Undo(env, { orm, action, notification }) };
}

test("a countdown ends with waking the workers, once", async () => {
    const { calls, undo } = makeUndo();
    const mail = entry(7, { remaining: 8, email_to: "Jana <jana@acme.example>" });
    undo.offer(1, [mail, entry(8, { remaining: 0 })]);
    undo.offer(1, [mail]);
    expect(undo.state.mails).toHaveLength(1);
    await advanceTime(5000);
    expect(Math.round(undo.left(undo.find(7)))).toBe(3);
    await runAllTimers();
    expect(calls).toEqual([["action_flush", 7]]);
    expect(undo.state.mails).toHaveLength(0);
});

test("the pointer holds the mail on the server too, and lets it go on", async () => {
    const { calls, undo } = makeUndo();
    undo.offer(1, [entry(7, { remaining: 8, email_to: "" })]);
    await advanceTime(2000);
    await undo.hold(7);
    await advanceTime(20000);
    expect(Math.round(undo.left(undo.find(7)))).toBe(6);
    await undo.resume(7);
    expect(calls).toEqual([
        ["action_hold", 7, 60],
        ["action_hold", 7, 6],
    ]);
    await undo.takeBack(7);
    expect(calls.slice(2)).toEqual([
        ["action_take_back", 7],
        ["open", 1],
    ]);
});

test("a page asked for before the decision does not bring the bar back", async () => {
    const { undo } = makeUndo();
    const mail = entry(7, { remaining: 8, email_to: "" });
    const before = Date.now();
    undo.offer(1, [mail], before);
    await advanceTime(100);
    await undo.takeBack(7);
    undo.offer(1, [mail], before + 50);
    expect(undo.state.mails).toHaveLength(0);
    await advanceTime(100);
    undo.offer(1, [mail]); // sent anew
    expect(undo.state.mails).toHaveLength(1);
});

test("a mail that could not be had back is said to be gone", async () => {
    const { calls, undo } = makeUndo({ action_take_back: "too late" });
    undo.offer(1, [entry(7, { remaining: 8, email_to: "" })]);
    await advanceTime(7800);
    await undo.takeBack(7);
    expect(calls.at(-1)[0]).toBe("notify");
    expect(undo.state.mails).toHaveLength(0);
});

function editableWith(html) {
    const editable = document.createElement("div");
    editable.innerHTML = html;
    return editable;
}

test("a template brings no second signature", () => {
    const template = '<p>Hello</p><div class="o_sd_signature">Petr</div>';
    const html = (editable) => {
        const holder = document.createElement("div");
        holder.append(fillTemplate(template, editable));
        return holder.innerHTML;
    };
    expect(html(editableWith('<p></p><div class="o_sd_signature">Petr</div>'))).toBe("<p>Hello</p>");
    expect(html(editableWith("<p></p>"))).toBe(template);
});

test("what has no value is found until somebody fills it in", () => {
    const editable = editableWith(
        '<p><span class="o_sd_missing">[[your telephone number]]</span> <span class="o_sd_missing">222</span> [[wiki]]</p>',
    );
    expect(findMissing(editable).map(({ name }) => name)).toEqual(["your telephone number"]);
});
