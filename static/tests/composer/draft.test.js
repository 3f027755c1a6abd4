import { describe, expect, test } from "@odoo/hoot";
import { Deferred } from "@odoo/hoot-mock";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { Draft, sendLabel } from "@servicedesk/backend/composer/mail_composer/draft";

describe.current.tags("headless");

const values = {
    kind: "email",
    email_to: "Jana Novotná <jana@acme.example>",
    email_cc: "a@acme.example",
    body: "<p>x</p>",
};

test("the button says what will happen and to whom", () => {
    allowTranslations();
    const label = (draft) => sendLabel(new Draft(draft)).toString();
    expect(label({ ...values, email_cc: "" })).toBe("Send: Jana Novotná");
    expect(label(values)).toBe("Send: Jana Novotná +1");
    expect(label({ kind: "email" })).toBe("Send");
    expect(label({ kind: "note" })).toBe("Save internal note");
});

test("a note has no address to be sent to", () => {
    const draft = new Draft({ kind: "note", body: "<p>x</p>" });
    expect(Object.keys(draft.values)).toEqual(["body", "parent_item_id"]);
});

test("saves what has changed, one call at a time", async () => {
    const calls = [];
    const first = new Deferred();
    const draft = new Draft(values, (changes) => {
        calls.push(changes.body);
        return calls.length === 1 ? first : Promise.resolve(7);
    });
    await draft.save();
    expect(calls).toEqual([]); // nothing has changed
    draft.body = "<p>xy</p>";
    draft.save();
    draft.body = "<p>xyz</p>";
    const second = draft.save();
    await Promise.resolve();
    first.resolve(7);
    expect(await second).toBe(7);
    expect(calls.at(-1)).toBe("<p>xyz</p>");
    expect(draft.isDirty).toBe(false);
});

test("a failed save stays to be done", async () => {
    let fail = true;
    const draft = new Draft(values, () => (fail ? Promise.reject(new Error("offline")) : Promise.resolve(1)));
    draft.body = "<p>new</p>";
    await expect(draft.save()).rejects.toThrow("offline");
    expect(draft.isDirty).toBe(true);
    fail = false;
    expect(await draft.save()).toBe(1);
});

test("names the recipients that are no addresses", () => {
    const draft = new Draft({ ...values, email_bcc: "nobody" });
    expect(draft.invalid.map(({ raw }) => raw)).toEqual(["nobody"]);
});
