import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { mockService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { Notices } from "@servicedesk/backend/shell/notices/notices";

describe.current.tags("desktop");
defineMailModels();

const makeLine = (line) => ({
    ids: [1],
    count: 1,
    words: ["mention"],
    kind: "mention",
    title: "You are mentioned",
    text: "",
    author: "Petr Dvořák",
    absent: "",
    date: "2026-11-20 10:00:00",
    read: false,
    ticket_id: 1,
    item_id: false,
    number: "SD-12",
    subject: "VPN falls",
    ...line,
});

async function openNotices(...notices) {
    const unread = notices.filter(({ read }) => !read).length;
    onRpc("servicedesk.notice", "get_inbox", () => ({ unread, notices }));
    await mountWithCleanup(Notices);
    await animationFrame();
    await click(".o_sd_notices_toggle");
    await animationFrame();
}

test("one line for a ticket says how many news it has, and which", async () => {
    await openNotices(
        makeLine({ ids: [7, 8, 9], count: 3, words: ["answer", "priority", "owner"], text: "Priority, Owner" }),
        makeLine({ ticket_id: 2, number: "SD-13", text: "Knows the router", absent: "Jana" }),
        makeLine({ ticket_id: 3, number: "SD-14", read: true, count: 0, words: [] }),
    );
    expect(".o_sd_notices_count").toHaveText("2");
    expect(queryAllTexts(".o_sd_notice_title")).toEqual([
        "3 news on SD-12: answer, priority, owner · Petr Dvořák",
        "You are mentioned · Petr Dvořák · for Jana",
        "You are mentioned · Petr Dvořák",
    ]);
    expect(".o_sd_notice:contains(Knows the router)").toHaveCount(1);
    expect(".o_sd_notice:first .o_sd_notice_text > span").toHaveCount(2); // what changed is said in the title
    expect(".o_sd_notice.o_sd_unread").toHaveCount(2);
});

test("a click opens the ticket with all its news", async () => {
    mockService("action", { doAction: ({ res_id: id }) => expect.step(`opened ${id}`) });
    onRpc("servicedesk.notice", "action_open", ({ args }) => {
        expect.step(`read ${args[0]}`);
        return { type: "ir.actions.act_window", res_model: "servicedesk.ticket", res_id: 1 };
    });
    await openNotices(makeLine({ ids: [9, 8, 7], count: 3, words: ["answer"] }));
    await click(".o_sd_notice");
    await animationFrame();
    expect.verifySteps(["read 9,8,7", "opened 1"]);
});
