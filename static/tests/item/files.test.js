import { describe, expect, test } from "@odoo/hoot";
import { click, edit, press, queryAllTexts, queryAttribute } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { Attachments } from "@servicedesk/backend/item/attachments/attachments";
import { FilesDialog } from "@servicedesk/backend/item/gallery/files_dialog";
import { pictures } from "@servicedesk/backend/item/gallery/ticket_gallery";

describe.current.tags("desktop");
defineMailModels();

const item = (id, date) => ({ id, kind: "email", direction: "in", date, author: "Jana Novotná" });
const late = item(2, "2026-11-19 10:00:00");
const early = item(1, "2026-11-18 10:00:00");

function makeFile(id, name, values = {}) {
    const mimetype = name.endsWith(".png") ? "image/png" : "application/pdf";
    return {
        id,
        name,
        mimetype,
        size: 1500,
        inline: false,
        checksum: `sum${id}`,
        item: early,
        client_file_id: false,
        ...values,
    };
}

const FILES = [
    makeFile(5, "Žlutý kůň.pdf", { item: late }),
    makeFile(4, "rack.png", { item: late }),
    makeFile(3, "logo.png", { inline: true, checksum: "logo", item: late }),
    makeFile(2, "logo.png", { inline: true, checksum: "logo" }),
    makeFile(1, "hall.png"),
];

async function openDialog(props = {}) {
    onRpc("servicedesk.timeline", "get_files", () => FILES);
    await mountWithCleanup(MainComponentsContainer);
    getService("dialog").add(FilesDialog, { ticketId: 7, ...props });
    await animationFrame();
    await animationFrame();
}

test("pictures: the oldest first, a logo in every mail once", () => {
    expect(pictures(FILES).map(({ id }) => id)).toEqual([1, 2, 4]);
});

test("filter by kind, search without accents", async () => {
    await openDialog();
    expect(".modal-title").toHaveText("Files (3)");
    expect(queryAllTexts(".o_sd_files_name")).toEqual(["Žlutý kůň.pdf", "rack.png", "hall.png"]);
    await click("[data-filter=pictures]");
    await animationFrame();
    expect(queryAllTexts(".o_sd_files_name")).toEqual(["rack.png", "hall.png"]);
    await click("[data-filter=inline]");
    await animationFrame();
    expect(queryAllTexts(".o_sd_files_name")).toEqual(["logo.png", "logo.png"]);
    await click("[data-filter=all]");
    await click("input[type=search]");
    await edit("KUN zlut");
    await animationFrame();
    expect(queryAllTexts(".o_sd_files_name")).toEqual(["Žlutý kůň.pdf"]);
    await edit("nothing like it");
    await animationFrame();
    expect(".o_sd_files_dialog").toHaveText(/No file of this name/);
});

test("the archive holds what is chosen, or everything", async () => {
    await openDialog();
    expect(queryAttribute(".o_sd_zip", "href")).toBe("/servicedesk/ticket/7/files.zip");
    expect(".o_sd_to_card").toHaveCount(0);
    await click("li:contains(hall.png) input");
    await click("li:contains(Žlutý) input");
    await animationFrame();
    expect(queryAttribute(".o_sd_zip", "href")).toBe("/servicedesk/ticket/7/files.zip?ids=5,1");
    expect(".o_sd_zip").toHaveText("Download as ZIP (2)");
    expect(".o_sd_to_card").toHaveText("To customer documents… (2)");
    await click(".o_sd_files_all input");
    await animationFrame();
    expect(".o_sd_zip").toHaveText("Download as ZIP (3)");
    await click(".o_sd_files_all input");
    await animationFrame();
    expect(".o_sd_zip").toHaveText("Download all as ZIP");
});

test("a picture opens among all pictures; the focus comes back", async () => {
    await openDialog();
    await click("li:contains(hall.png) .o_sd_files_open");
    await animationFrame();
    expect(".o-FileViewer-header").toHaveText(/hall.png/);
    await press("ArrowRight");
    await animationFrame();
    expect(".o-FileViewer-header").toHaveText(/logo.png/);
    await press("ArrowRight");
    await animationFrame();
    expect(".o-FileViewer-header").toHaveText(/rack.png/);
    await press("Escape");
    await animationFrame();
    expect(".o-FileViewer").toHaveCount(0);
    expect(".o_sd_files_dialog").toHaveCount(1, { message: "the dialog below stays" });
    expect("li:contains(hall.png) .o_sd_files_open").toBeFocused();
});

test("the source leads back to its message", async () => {
    await openDialog({ showItem: (id) => expect.step(`item ${id}`) });
    await click("li:contains(rack.png) .o_sd_files_source");
    await animationFrame();
    expect.verifySteps(["item 2"]);
    expect(".o_sd_files_dialog").toHaveCount(0);
});

test("what has moved to the client's card is a reference", async () => {
    await mountWithCleanup(Attachments, {
        props: { files: [makeFile(1, "a.png"), makeFile(2, "b.png", { client_file_id: 9 })] },
    });
    expect(".o_sd_thumb").toHaveCount(1);
    expect(".o_sd_file:eq(1) .o_sd_doc").toHaveText(/b.png/);
    expect(".o_sd_file:eq(1) .o_sd_file_card").toHaveText("In customer documents");
    expect(".o_sd_file:eq(0) .o_sd_file_card").toHaveCount(0);
});
