import { expect, describe, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { Deferred, advanceTime, animationFrame } from "@odoo/hoot-mock";
import { Component, useState, xml } from "@odoo/owl";
import { allowTranslations, contains, makeServerError, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { CallForm } from "@servicedesk/backend/composer/call_form/call_form";
import { Draft } from "@servicedesk/backend/composer/mail_composer/draft";
import { MeetingForm } from "@servicedesk/backend/composer/meeting_form/meeting_form";
import { Undo } from "@servicedesk/backend/shell/undo/undo_service";
import { makeItem, makePage, mountTimeline } from "../timeline/timeline_helpers";

describe.current.tags("desktop");
defineMailModels();

const MEETING = {
    id: false,
    kind: "meeting",
    started_at: "2026-11-19 10:00:00",
    duration: 0,
    location: "",
    participant_ids: [],
    participants: "Jana",
    people: [],
    text: "",
};

const conflict = () =>
    makeServerError({
        errorName: "odoo.addons.servicedesk.models.item_menu.draft_windows.DraftConflict",
        description: "Changed elsewhere",
    });

/** A page that has one form open, until `state.form` is taken away. */
async function openForm(form, kind, close = () => {}) {
    class Page extends Component {
        static components = { MainComponentsContainer };
        static props = {};
        static template = xml`<t t-if="state.form" t-component="state.form" ticketId="1" kind="kind" switchTo="close" close="close"/>
            <MainComponentsContainer/>`;

        setup() {
            this.state = useState({ form });
            Object.assign(this, { kind, close });
        }
    }
    const page = await mountWithCleanup(Page, { noMainContainer: true });
    await animationFrame();
    return page;
}

test("a save says which draft it goes on from", async () => {
    const sent = [];
    const draft = new Draft({ id: 7, kind: "note", body: "<p>x</p>", draft_window: "other" }, async (message) => {
        sent.push(message);
        return 7;
    });
    for (const body of ["<p>xy</p>", "<p>xyz</p>"]) {
        draft.body = body;
        await draft.save();
    }
    expect(sent.map(({ known }) => known)).toEqual([
        { id: 7, window: "other" },
        { id: 7, window: draft.window },
    ]);
    expect(sent[0].draft_window).toBe(draft.window);
});

test("what another window has stored is not written over: one chooses", async () => {
    let stored = { ...MEETING };
    onRpc("servicedesk.item", "prepare_draft", () => stored);
    onRpc("servicedesk.item", "save_draft", ({ args: [, , values] }) => {
        if (values.known.window !== (stored.draft_window || "")) {
            throw conflict();
        }
        expect.step(values.text);
        stored = { ...stored, id: 5, draft_window: values.draft_window, text: values.text };
        return 5;
    });
    await openForm(MeetingForm, "meeting");
    stored = { ...MEETING, id: 4, draft_window: "other", text: "Elsewhere" };
    await contains("textarea").edit("Here", { confirm: false });
    await advanceTime(1000);
    await animationFrame();
    expect(".o_sd_error").toHaveText(/Changed elsewhere/);
    expect("textarea").toHaveValue("Here");
    await contains(".o_sd_keep_this").click();
    await animationFrame();
    expect.verifySteps(["Here"]);
    expect(".o_sd_error").toHaveCount(0);
    stored = { ...stored, draft_window: "other", text: "Elsewhere" };
    await contains("textarea").edit("Here again", { confirm: false });
    await advanceTime(1000);
    await contains(".o_sd_take_other").click();
    await animationFrame();
    expect("textarea").toHaveValue("Elsewhere");
    expect.verifySteps([]);
});

test("a draft that cannot be stored when one leaves is offered again", async () => {
    let fails = true;
    onRpc("servicedesk.item", "prepare_draft", () => MEETING);
    onRpc("servicedesk.item", "save_draft", ({ args: [, , values] }) => {
        if (fails) {
            throw new Error("offline");
        }
        expect.step(values.text);
        return 5;
    });
    const page = await openForm(MeetingForm, "meeting");
    await contains("textarea").edit("Important", { confirm: false });
    page.state.form = false;
    await animationFrame();
    await animationFrame();
    fails = false;
    await contains(".o_notification button:contains(Save again)").click();
    await animationFrame();
    expect.verifySteps(["Important"]);
    expect(".o_notification").toHaveCount(0);
});

test("what is typed while it is being sent makes no second draft", async () => {
    const sending = new Deferred();
    onRpc("servicedesk.item", "prepare_draft", () => MEETING);
    onRpc("servicedesk.item", "save_draft", () => {
        expect.step("save");
        return 5;
    });
    onRpc("servicedesk.item", "find_answers_since", () => []);
    onRpc("servicedesk.item", "action_send", () => sending);
    const page = await openForm(MeetingForm, "meeting", ({ sent }) => {
        expect.step(sent ? "sent" : "closed");
        page.state.form = false;
    });
    await contains(".o_sd_send").click();
    await animationFrame();
    await contains("textarea").edit("One more word", { confirm: false });
    await advanceTime(5000);
    expect.verifySteps(["save"]);
    sending.resolve({});
    await animationFrame();
    await advanceTime(5000);
    expect.verifySteps(["sent"]);
});

test("who has gone on hears that the message has not left", async () => {
    const sending = new Deferred();
    onRpc("servicedesk.item", "prepare_draft", () => MEETING);
    onRpc("servicedesk.item", "save_draft", () => 5);
    onRpc("servicedesk.item", "action_send", () => sending);
    const page = await openForm(MeetingForm, "meeting", () => expect.step("closed"));
    await contains(".o_sd_send").click();
    await animationFrame();
    page.state.form = false;
    await animationFrame();
    sending.reject(new Error("refused"));
    await animationFrame();
    await animationFrame();
    expect(queryAllTexts(".o_notification").join()).toMatch(/was not sent/);
    expect.verifySteps([]);
});

test("a call form that is closed before it is there leaves no clock behind", async () => {
    let ticks = 0;
    class CountedCallForm extends CallForm {
        setup() {
            super.setup();
            this.timer_ = {
                set now(_time) {
                    ticks++;
                },
            };
        }
    }
    onRpc("servicedesk.item", "prepare_draft", () => new Deferred());
    const page = await openForm(false, "call");
    page.state.form = CountedCallForm;
    await animationFrame();
    await advanceTime(2500);
    expect(ticks).toBe(2);
    page.state.form = false;
    await animationFrame();
    await advanceTime(2500);
    expect(ticks).toBe(2);
});

test("a mail that could not be had back stays in sight while there is time", async () => {
    allowTranslations();
    let fails = true;
    const call = async (_model, method) => {
        expect.step(method);
        if (fails) {
            throw new Error("Send or discard your draft first.");
        }
    };
    const env = { bus: { trigger: () => {} } };
    const notification = { add: (text) => expect.step(text) };
    const action = { doAction: () => expect.step("open") };
    const undo = new Undo(env, { orm: { silent: { call } }, action, notification });
    undo.offer(1, [makeItem({ id: 7, remaining: 8, email_to: "" })]);
    await undo.takeBack(7);
    expect(Boolean(undo.find(7))).toBe(true);
    fails = false;
    await undo.takeBack(7);
    expect(undo.state.mails).toHaveLength(0);
    expect.verifySteps(["action_take_back", "The server did not answer.", "action_take_back", "open"]);
    await advanceTime(20000);
    expect.verifySteps([]);
});

test("who closes twice while the server is slow closes once", async () => {
    const saving = new Deferred();
    onRpc("servicedesk.item", "prepare_draft", () => MEETING);
    onRpc("servicedesk.item", "save_draft", () => saving);
    await mountTimeline(makePage([makeItem()], { drafts: ["meeting"] }));
    await animationFrame();
    await contains(".o_sd_composer textarea").edit("Late", { confirm: false });
    await press("Escape");
    await press("Escape");
    saving.resolve(5);
    await animationFrame();
    await animationFrame();
    expect(".o_sd_composer").toHaveCount(0);
});

test("a busy server that cannot mark a ticket as read interrupts nobody", async () => {
    await mountTimeline(makePage([makeItem()]), () => {
        throw makeServerError({ description: "could not serialize access" });
    });
    await animationFrame();
    expect("article").toHaveCount(1);
    expect(".o_error_dialog").toHaveCount(0);
});
