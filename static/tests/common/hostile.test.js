import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { queryAll } from "@odoo/hoot-dom";
import { Component, xml } from "@odoo/owl";
import { allowTranslations, mountWithCleanup, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { localization } from "@web/core/l10n/localization";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { prepareBody } from "@servicedesk/backend/common/mail_body";
import { splitReach } from "@servicedesk/backend/common/address_actions/linkify";
import { parseAddresses } from "@servicedesk/backend/common/addresses";
import { ELEMENT, SHOWN_LETTERS, SHOWN_PART } from "@servicedesk/backend/common/long_text";
import { plainText } from "@servicedesk/backend/composer/template_picker/plain_text";
import { parsePhones } from "@servicedesk/backend/composer/sms_composer/phones";

describe.current.tags("headless");
defineMailModels();
beforeEach(allowTranslations);
beforeEach(() => patchWithCleanup(localization, { decimalPoint: ".", thousandsSep: ",", grouping: [3, 0] }));

// A quadratic pattern takes half a minute and more for these; a linear one some milliseconds, on a busy machine tenths.
const BUDGET = 4000;

const ONE_WORD = "x".repeat(490000);
const TEXTS = {
    "a mail of quotes": "'a".repeat(80000),
    "one word": ONE_WORD,
    "a megabyte": "Lorem ipsum dolor 602 123 456 sit amet@consectetur.example. ".repeat(17000),
    "a megabyte without spaces": "a.b-c_d+".repeat(125000),
    digits: "0".repeat(300000),
    numbers: "602 123 456 ".repeat(20000),
    addresses: "jana@vltava.example ".repeat(10000),
    "half addresses": "a@a.".repeat(100000),
    brackets: "(a".repeat(100000),
    spaces: " ".repeat(400000) + "x",
    braces: "{{" + " ".repeat(300000),
    "line breaks": "<br>".repeat(100000),
    paragraphs: "<p>x</p>".repeat(60000),
    nesting: "<div>".repeat(3000) + "x",
    quotes: "<blockquote data-o-mail-quote='1'>x</blockquote>y".repeat(5000),
    "a style": `<p style="background: ${"url( ".repeat(40000)}">x</p>`,
    "a table": `<table>${"<tr><td>x</td></tr>".repeat(20000)}</table>`,
};

function within(name, action) {
    const start = performance.now();
    const result = action();
    const taken = Math.round(performance.now() - start);
    expect(taken < BUDGET).toBe(true, { message: `${name} takes less than ${BUDGET} ms: ${taken}` });
    return result;
}

describe("hostile texts", () => {
    for (const [name, text] of Object.entries(TEXTS)) {
        test(`${name}: prepared and shown within the budget`, async () => {
            const { html } = within("preparing", () => prepareBody(text, { foreign: true }));
            class Shown extends Component {
                static template = xml`<div class="o_hostile" style="width: 600px; overflow-wrap: anywhere" t-out="html"/>`;
                static props = {};
                setup() {
                    this.html = html;
                }
            }
            const start = performance.now();
            await mountWithCleanup(Shown);
            const [shown] = queryAll(".o_hostile");
            expect(shown.getBoundingClientRect().width).toBe(600);
            const taken = Math.round(performance.now() - start);
            expect(taken < BUDGET).toBe(true, { message: `showing takes less than ${BUDGET} ms: ${taken}` });
        });

        test(`${name}: read as addresses, numbers and a template within the budget`, () => {
            within("addresses", () => parseAddresses(text));
            within("numbers", () => parsePhones(text));
            within("links", () => splitReach(text));
            within("a template", () => plainText(text));
        });
    }
});

describe("long texts in parts", () => {
    function parts(html) {
        const { body } = new DOMParser().parseFromString(prepareBody(html).html.toString(), "text/html");
        return body;
    }

    test("what is behind the first letters waits in parts, and none of it is lost", () => {
        const body = parts(`<p>${ONE_WORD}</p><p>end</p>`);
        const [rest, more] = body.querySelectorAll("details.o_sd_rest");
        expect(body.querySelector("p").textContent.length).toBe(SHOWN_LETTERS - ELEMENT);
        expect(rest.querySelector("summary").textContent).toBe(
            `Show the rest (${(440003 + ELEMENT).toLocaleString()} characters)`,
        );
        expect(rest.querySelector(":scope > p").textContent.length).toBe(SHOWN_PART - ELEMENT);
        expect(more.parentElement).toBe(rest);
        body.querySelectorAll("summary").forEach((summary) => summary.remove());
        expect(body.textContent).toBe(`${ONE_WORD}end`);
    });

    test("a long history is folded inside of its fold, and a short answer above it stays whole", () => {
        const body = parts(`<p>Thanks</p><blockquote>${"word ".repeat(40000)}</blockquote>`);
        expect(body.querySelectorAll("details.o_sd_quote details.o_sd_rest")).toHaveLength(1);
        expect(body.querySelectorAll(":scope > details.o_sd_rest")).toHaveLength(0);
        expect(body.querySelector("p").textContent).toBe("Thanks");
    });

    test("hardly more than the limit is shown", () => {
        const body = parts(`<p>${"x".repeat(SHOWN_LETTERS + 100)}</p>`);
        expect(body.querySelectorAll("details")).toHaveLength(0);
    });

    test("addresses beside each other are all found", () => {
        const found = splitReach("jana@vltava.example, 602 123 456, 603 123 456, petr@vltava.example x")
            .filter(({ reach }) => reach)
            .map(({ reach }) => reach);
        expect(found).toEqual(["jana@vltava.example", "602 123 456", "603 123 456", "petr@vltava.example"]);
    });
});
