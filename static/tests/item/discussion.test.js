import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { Discussion } from "@servicedesk/backend/item/discussion/discussion";
import { matchMentions } from "@servicedesk/backend/item/discussion/mention_plugin";
import { layOut } from "@servicedesk/backend/timeline/entries";
import { makeItem, makeNote } from "../timeline/timeline_helpers";

describe.current.tags("desktop");
defineMailModels();

test("notes of a discussion come with the card of their item, once", () => {
    const question = makeItem();
    const answer = makeItem({ parent_id: question.id });
    const first = makeNote({ parent_id: question.id });
    const note = makeNote();
    const second = makeNote({ parent_id: question.id });
    const rows = layOut([question, answer, first, note, second]).filter((row) => row.entry);
    expect(rows.map((row) => row.entry.id)).toEqual([question.id, answer.id, note.id]);
    expect(rows[0].notes.map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(rows[1].notes).toEqual([]);
});

test("a note whose item is not on the screen stands for itself", () => {
    const note = makeNote({ parent_id: 9999 });
    const question = makeItem();
    const under = makeNote({ parent_id: question.id });
    expect(layOut([note]).filter((row) => row.entry)).toHaveLength(1);
    const onlyNotes = layOut([note, question, under], "note").filter((row) => row.entry);
    expect(onlyNotes.map((row) => row.entry.id)).toEqual([note.id, under.id]);
});

test("names are found by any of their words, without diacritics", () => {
    const people = ["Tomáš Krejčí", "Petr Dvořák", "Technická podpora"].map((name) => ({ name }));
    const find = (term) => matchMentions(people, term).map(({ name }) => name);
    expect(find("")).toHaveLength(3);
    expect(find("tomas")).toEqual(["Tomáš Krejčí"]);
    expect(find("KREJ")).toEqual(["Tomáš Krejčí"]);
    expect(find("tomáš kr")).toEqual(["Tomáš Krejčí"]);
    expect(find("odpora")).toEqual([]);
});

test("folded it shows how many and the newest line, opened all of them", async () => {
    onRpc("res.users", "has_group", () => false);
    const notes = [
        makeNote({ preview: "Old words", body: "<p>The driver</p>" }),
        makeNote({ preview: "New words", body: "<p>New words</p>" }),
    ];
    await mountWithCleanup(Discussion, { props: { itemId: 1, notes } });
    expect(".o_sd_discussion_head").toHaveText(/Internal discussion: 2[^]*Petr Dvořák: New words/);
    expect(".o_sd_discussion_note").toHaveCount(0);
    await click(".o_sd_discussion_head");
    await animationFrame();
    expect(queryAllTexts(".o_sd_discussion_body:shadow .o_sd_text")).toEqual(["The driver", "New words"]);
    expect(".o_sd_discussion_write").toHaveCount(0); // nobody writes outside of a ticket
});
