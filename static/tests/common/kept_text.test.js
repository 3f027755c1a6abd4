import { describe, expect, test } from "@odoo/hoot";
import { Deferred, animationFrame } from "@odoo/hoot-mock";
import { Component, useState, xml } from "@odoo/owl";
import { contains, makeServerError, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { user } from "@web/core/user";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { ClientNote } from "@servicedesk/backend/client/client_note/client_note";
import { Discussion } from "@servicedesk/backend/item/discussion/discussion";
import { dropSaid, wordsOf } from "@servicedesk/backend/item/discussion/rest";

describe.current.tags("desktop");
defineMailModels();

const element = (html) => new DOMParser().parseFromString(html, "text/html").body;

test("only what was typed after saving stays", () => {
    const rest = (before, after) => {
        const now = element(after);
        dropSaid(now, wordsOf(element(before)));
        return now.innerHTML;
    };
    expect(rest("<p>Hello</p>", "<p>Hello</p>")).toBe("");
    expect(rest("<p>Hello</p>", "<p>Hello you</p>")).toBe("<p> you</p>");
    expect(rest("<p>One&nbsp;</p>", "<p>One two</p>")).toBe("<p>two</p>");
    expect(rest("<p>One</p><p>Two</p>", "<p>One</p><p>Two</p><p>Three</p>")).toBe("<p>Three</p>");
    expect(rest("<p>A <b>bold</b> word</p>", "<p>A <b>bold</b> word, and more</p>")).toBe("<p><b></b>, and more</p>");
    expect(rest("<p>Hello</p>", "<p>Good morning</p>")).toBe("<p>Good morning</p>");
});

test("what is typed into a discussion while it is being saved is kept when one leaves", async () => {
    onRpc("res.users", "has_group", () => false);
    const saved = new Deferred();
    onRpc("servicedesk.item", "add_discussion", () => saved);
    const key = `servicedesk.discussion.${user.userId}.1`;
    browser.localStorage.setItem(key, "<p>Said</p>");
    class Page extends Component {
        static components = { Discussion };
        static props = {};
        static template = xml`<Discussion t-if="state.open" itemId="1" notes="[]"/>`;
        setup() {
            this.state = useState({ open: true });
        }
    }
    const page = await mountWithCleanup(Page);
    await animationFrame();
    await contains(".o_sd_discussion_save").click();
    document.querySelector(".o_sd_discussion .o_sd_editor p").append(" and more");
    page.state.open = false;
    await animationFrame();
    saved.resolve(true);
    await animationFrame();
    expect(element(browser.localStorage.getItem(key) || "").textContent).toBe(" and more");
});

test("a note on the client is kept when one leaves, and a newer one is not written over", async () => {
    const key = `servicedesk.client_note.${user.userId}.3`;
    onRpc("servicedesk.ticket", "set_client_note", ({ args: [, body, known] }) => {
        expect.step([element(body).textContent, known]);
        if (known !== "<p>Newer</p>") {
            throw makeServerError({ errorName: "odoo.addons.servicedesk.models.client.ticket.NoteConflict" });
        }
        return true;
    });
    class Page extends Component {
        static components = { ClientNote };
        static props = {};
        static template = xml`<ClientNote t-if="state.open" ticketId="1" notes="[state.note]" reload="() => this.reload()"/>`;
        setup() {
            this.state = useState({
                open: true,
                note: { partner_id: 3, name: "Acme", client: true, body: "<p>Old</p>" },
            });
        }
        reload() {
            this.state.note = { ...this.state.note, body: "<p>Newer</p>" };
        }
    }
    const page = await mountWithCleanup(Page);
    await contains(".o_sd_client_note .o_sd_icon").click();
    await animationFrame();
    document.querySelector(".o_sd_client_note .o_sd_editor p").append(" and mine");
    page.state.open = false;
    await animationFrame();
    expect(JSON.parse(browser.localStorage.getItem(key)).known).toBe("<p>Old</p>");
    page.state.open = true;
    await animationFrame();
    expect(".o_sd_client_note_editor .o_sd_editor").toHaveText("Old and mine");
    await contains(".o_sd_save_note").click();
    await animationFrame();
    expect.verifySteps([["Old and mine", "<p>Old</p>"]]);
    expect(".o_sd_error").toHaveText(/has been changed meanwhile/);
    expect(".o_sd_client_note_body:shadow .o_sd_text").toHaveText("Newer");
    await contains(".o_sd_keep_this").click();
    await animationFrame();
    expect.verifySteps([["Old and mine", "<p>Newer</p>"]]);
    expect(".o_sd_client_note_editor").toHaveCount(0);
    expect(browser.localStorage.getItem(key)).toBe(null);
});
