import { after, describe, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { Component, xml } from "@odoo/owl";
import { contains, makeServerError, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { ComposerFrame } from "@servicedesk/backend/composer/composer_frame/composer_frame";
import { useFormDraft } from "@servicedesk/backend/composer/composer_frame/form_draft";
import { composerProps, composers } from "@servicedesk/backend/composer/composer_tabs/composer_tabs";
import { SmsComposer } from "@servicedesk/backend/composer/sms_composer/sms_composer";
import { makeItem, makePage, mountTimeline } from "../timeline/timeline_helpers";

describe.current.tags("desktop");
defineMailModels();

/** A sixth channel, as docs/channels.md shows it: its fields, its template, its checks. */
class TelegramComposer extends Component {
    static template = xml`
        <ComposerFrame draft="draft" sendLabel="'Wire it'" sendIcon="'fa-bolt'">
            <textarea t-ref="first" t-att-value="draft.form.text" t-on-input="(ev) => this.draft.update({ text: ev.target.value })"/>
            <t t-set-slot="tools"><button class="o_test_stop" t-on-click="() => this.draft.update({ text: this.draft.form.text + ' STOP' })"/></t>
        </ComposerFrame>`;
    static components = { ComposerFrame };
    static props = composerProps;

    setup() {
        this.draft = useFormDraft({
            fields: ["text"],
            leaves: true,
            obstacle: () => (this.draft.form.text ? "" : "Nothing to wire."),
            findMissing: () => (this.draft.form.text.includes("[[") ? ["name"] : []),
            showMissing: (names) => expect.step(`missing ${names}`),
        });
    }
}

async function openTelegram(entries = [makeItem()]) {
    composers.add("telegram", { label: "Telegram", icon: "fa-bolt", component: TelegramComposer });
    after(() => composers.remove("telegram"));
    onRpc("servicedesk.item", "prepare_draft", () => ({ id: false, text: "", other: "not stored" }));
    onRpc("servicedesk.item", "save_draft", ({ args: [, kind, { text, other }] }) => {
        expect.step(`save ${kind} ${JSON.stringify({ text, other })}`);
        return 5;
    });
    onRpc("servicedesk.item", "action_send", ({ args: [ids] }) => {
        expect.step(`send ${ids}`);
        return {};
    });
    await mountTimeline(makePage(entries, { drafts: ["telegram"] }));
    await animationFrame();
}

test("a channel gives its fields, its template and its checks; the rest is there", async () => {
    onRpc("servicedesk.item", "find_answers_since", () => []);
    await openTelegram();
    expect(".o_sd_composer_telegram .o_sd_tab_telegram.active").toHaveCount(1);
    expect(".o_sd_send").toHaveText("Wire it");
    await contains(".o_sd_send").click();
    expect(".o_sd_error").toHaveText("Nothing to wire.");
    await contains(".o_sd_composer textarea").edit("Arrive noon", { confirm: false });
    expect(".o_sd_error").toHaveCount(0);
    await contains(".o_test_stop").click();
    await advanceTime(1000);
    await animationFrame();
    expect.verifySteps(['save telegram {"text":"Arrive noon STOP"}']);
    expect("textarea").toHaveValue("Arrive noon STOP");
    await contains(".o_sd_send").click();
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["send 5"]);
    expect(".o_sd_composer").toHaveCount(0);
});

test("a variable without a value is shown, not sent", async () => {
    await openTelegram();
    await contains(".o_sd_composer textarea").edit("Dear [[name]]", { confirm: false });
    await contains(".o_sd_send").click();
    await animationFrame();
    await advanceTime(1000);
    expect.verifySteps(["missing name", 'save telegram {"text":"Dear [[name]]"}']);
    expect(".o_sd_missing_strip").toHaveCount(1);
});

test("a colleague's answer meanwhile is asked about once", async () => {
    const answer = { id: 77, name: "Petr Dvořák", date: "2026-11-19 12:00:00" };
    onRpc("servicedesk.item", "find_answers_since", ({ args: [, , known] }) => (known.includes(77) ? [] : [answer]));
    await openTelegram();
    await contains(".o_sd_composer textarea").edit("Arrive noon", { confirm: false });
    await contains(".o_sd_send").click();
    await animationFrame();
    expect(".o_sd_meanwhile_answer").toHaveText(/Petr Dvořák/);
    expect.verifySteps(['save telegram {"text":"Arrive noon"}']);
    await contains(".o_sd_send_anyway").click();
    await animationFrame();
    expect.verifySteps(["send 5"]);
});

test("a draft that cannot be opened is tried again", async () => {
    let fails = true;
    onRpc("servicedesk.item", "prepare_draft", () => {
        if (fails) {
            throw makeServerError({ description: "offline" });
        }
        return { id: false, phone_to: "", sms_text: "", variables: [] };
    });
    await mountWithCleanup(SmsComposer, { props: { ticketId: 1, kind: "sms", switchTo: () => {}, close: () => {} } });
    expect(".o_sd_error").toHaveText(/offline/);
    expect(".o_sd_send").toHaveCount(0);
    fails = false;
    await contains(".o_sd_error button").click();
    await animationFrame();
    expect(".o_sd_send").toHaveText("Send SMS");
    expect(".o_sd_error").toHaveCount(0);
});
