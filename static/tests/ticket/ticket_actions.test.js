import { describe, expect, test } from "@odoo/hoot";
import { press } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { EventBus } from "@odoo/owl";
import { mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { TicketActions, ticketActionsOf } from "@servicedesk/backend/ticket/ticket_actions";
import { Timeline } from "@servicedesk/backend/timeline/timeline";
import { makeItem, makePage } from "../timeline/timeline_helpers";

describe.current.tags("desktop");
defineMailModels();

test("an action is there as long as somebody offers it; of two the first counts", () => {
    const actions = new TicketActions();
    const step = (text) => () => expect.step(text);
    actions.run("take");
    const removeFirst = actions.add("take", step("first"));
    const removeSecond = actions.add("take", step("second"));
    actions.run("take");
    removeFirst();
    actions.run("take");
    removeSecond();
    expect(actions.has("take")).toBe(false);
    actions.add("wait", step("wait"), { isThere: () => false });
    expect(actions.has("wait")).toBe(false);
    actions.run("wait");
    expect.verifySteps(["first", "second"]);
});

test("keys call the actions of their own form, not while it carries something out", async () => {
    const record = { model: { bus: new EventBus() }, context: {} };
    const actions = ticketActionsOf(record);
    expect(ticketActionsOf({ model: record.model })).toBe(actions);
    actions.add("action_take", () => expect.step("take"), { pauses: true });
    ticketActionsOf({ model: {} }).add("action_ask_close", () => expect.step("close of another form"));
    onRpc("servicedesk.timeline", "get_page", () => makePage([makeItem()]));
    onRpc("servicedesk.ticket", "mark_read", () => false);
    await mountWithCleanup(Timeline, { props: { ticketId: 1, record } });
    await animationFrame();
    await press("t");
    await press("e");
    expect.verifySteps(["take"]);
    const refresh = document.querySelector(".o_sd_refresh");
    refresh.disabled = true;
    await press("t");
    refresh.disabled = false;
    await press("t");
    expect.verifySteps(["take"]);
});

test("without a way to write, keys that write do nothing", async () => {
    const record = { model: { bus: new EventBus() }, context: {} };
    ticketActionsOf(record).add("action_take", () => expect.step("take"));
    onRpc("servicedesk.timeline", "get_page", () => makePage([makeItem()]));
    onRpc("servicedesk.ticket", "mark_read", () => false);
    await mountWithCleanup(Timeline, { props: { ticketId: 1, record, readonly: true } });
    await animationFrame();
    await press("t");
    expect.verifySteps([]);
});
