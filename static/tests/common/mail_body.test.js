import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { prepareBody, showsAttachment } from "@servicedesk/backend/common/mail_body";

describe.current.tags("headless");
beforeEach(allowTranslations);

function show(html, options) {
    const result = prepareBody(html, options);
    const { body } = new DOMParser().parseFromString(result.html.toString(), "text/html"); // inert: nothing loads
    return { ...result, element: body };
}

function visibleText(element) {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("details").forEach((details) => details.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
}

describe("remote pictures", () => {
    test("no mail calls an address of ours, whatever its reader allows", () => {
        const { origin } = window.location;
        for (const remote of [false, true]) {
            const { element } = show(
                `<img src="/web/session/logout"><img src="${origin}/web/session/logout"><img src="odoo/7">
                <img src="//${window.location.host}/web/image/../session/logout"><img src="/web/image/5-ab/x.png">
                <img srcset="/web/session/logout 2x"><p background="/web/session/logout">x</p>
                <p style="background: url(/web/session/logout)">y</p>`,
                { remote },
            );
            expect(element.innerHTML).not.toInclude("logout");
            expect(element.innerHTML).not.toInclude("odoo/7");
            expect(element.innerHTML).toInclude("/web/image/5-ab/x.png");
        }
    });

    test("wait for a permission and are counted", () => {
        const html = `<p>Hi</p><img src="https://tracker.example/p.gif"><img src="//cdn.example/x.png">
            <img src="/web/image/5"><table background="http://a.example/b.png"></table>
            <div style="color: red; background-image: url('https://a.example/c.png'); margin: 1px">x</div>`;
        const { blocked, element } = show(html);
        expect(blocked).toBe(4);
        expect(element.innerHTML).not.toInclude("example");
        expect(element.querySelectorAll("img[src]")).toHaveLength(1);
        expect(element.querySelector("[style]").style.color).toBe("red");
        expect(element.querySelector("[style]").style.margin).toBe("1px");
    });

    test("a picture of this server is no stranger's", () => {
        const { blocked } = show(`<img src="${window.location.origin}/web/image/5">`);
        expect(blocked).toBe(0);
    });

    test("srcset does not slip through", () => {
        const { blocked, element } = show(`<img src="https://a.example/1.png" srcset="https://a.example/2.png 2x">`);
        expect(blocked).toBe(1);
        expect(element.innerHTML).not.toInclude("a.example");
    });

    test("are shown once they may be", () => {
        const { blocked, element } = show(`<img src="https://a.example/1.png">`, { remote: true });
        expect(blocked).toBe(0);
        expect(element.querySelector("img").getAttribute("src")).toBe("https://a.example/1.png");
    });
});

describe("quoted history", () => {
    test("is folded with the number of its lines", () => {
        const { element } = show(`<p>Answer</p><blockquote><p>one</p><p>two<br>three</p></blockquote>`);
        expect(visibleText(element)).toBe("Answer");
        expect(element.querySelector("summary").textContent).toBe("Quoted history, lines: 3");
        expect(element.querySelector("details").open).toBe(false);
    });

    test("words between two quotes stay visible", () => {
        const { element } = show(`<blockquote>q1</blockquote>yes<blockquote>q2</blockquote><p>no</p>`);
        expect(visibleText(element)).toBe("yesno");
        expect(element.querySelectorAll("details")).toHaveLength(2);
    });

    test("words between the quotes of a Gmail answer stay visible, also when the sanitizer marked them", () => {
        const { element } = show(`<div>Top</div><div class="gmail_quote" data-o-mail-quote="1">
            <div class="gmail_attr" data-o-mail-quote="1">On Thursday Petr wrote:</div>
            <blockquote class="gmail_quote" data-o-mail-quote="1">Restart.</blockquote>
            <div data-o-mail-quote="1">We did.</div>
            <blockquote class="gmail_quote" data-o-mail-quote="1">When?</blockquote></div>`);
        expect(visibleText(element)).toBe("Top We did.");
        expect(element.querySelectorAll("details")).toHaveLength(2);
    });

    test("neighbouring quoted parts are one fold", () => {
        const { element } = show(`<p>A</p><div class="moz-cite-prefix">He wrote:</div><br><blockquote>q</blockquote>`);
        expect(element.querySelectorAll("details")).toHaveLength(1);
        expect(visibleText(element)).toBe("A");
    });

    test("Outlook's separator folds all that follows", () => {
        const { element } = show(`<div class="WordSection1"><p>New words</p>
            <div><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p>From: Petr</p></div></div>
            <p>old one</p><p>old two</p></div>`);
        expect(visibleText(element)).toBe("New words");
        expect(element.querySelector("summary").textContent).toBe("Quoted history, lines: 3");
    });

    test("Outlook on the web and plain separators", () => {
        for (const separator of [
            `<div id="divRplyFwdMsg">From: x</div>`,
            `<p>-----Original Message-----</p>`,
            `<p>-----Původní zpráva-----</p>`,
        ]) {
            const { element } = show(`<p>New</p>${separator}<p>old</p>`);
            expect(visibleText(element)).toBe("New");
        }
    });

    test("opens where nothing else is to be read", () => {
        const { element } = show(`<blockquote>only this</blockquote>`);
        expect(element.querySelector("details").open).toBe(true);
    });

    test("a signature is no history", () => {
        const { element } = show(`<p>Hi</p><span data-o-mail-quote="1">-- \nJana</span>`);
        expect(element.querySelectorAll("details")).toHaveLength(0);
    });
});

describe("the rest", () => {
    test("links leave this tab alone", () => {
        const { element } = show(`<a href="https://x.example">x</a>`);
        expect(element.querySelector("a")).toHaveAttribute("target", "_blank");
        expect(element.querySelector("a")).toHaveAttribute("rel", "noopener noreferrer");
    });

    test("class names of strangers do not meet our styles, folds keep theirs", () => {
        const { element } = show(`<p class="modal" id="x">Hi</p><blockquote>q</blockquote>`, { foreign: true });
        expect(element.querySelectorAll(".modal, #x")).toHaveLength(0);
        expect(element.querySelectorAll(".o_sd_quote")).toHaveLength(1);
    });

    test("tells mails with colours of their own, history aside", () => {
        expect(show(`<p style="color: #123">x</p>`, { foreign: true }).coloured).toBe(true);
        expect(show(`<p style="margin: 0">x</p>`, { foreign: true }).coloured).toBe(false);
        expect(show(`<p>x</p><blockquote style="color: red">q</blockquote>`, { foreign: true }).coloured).toBe(false);
    });

    test("the summary that a comment starts with is no history", () => {
        const summary = `<blockquote class="o_sd_summary" data-o-mail-quote="1"><p data-o-mail-quote="1">s</p></blockquote>`;
        const { element } = show(`${summary}<p>My words</p>`);
        expect(element.querySelectorAll(".o_sd_quote")).toHaveLength(0);
    });

    test("nothing to read", () => {
        expect(show("").empty).toBe(true);
        expect(show("<p><br></p>").empty).toBe(true);
        expect(show(`<img src="/web/image/1">`).empty).toBe(false);
    });

    test("knows the files that the text shows", () => {
        expect(showsAttachment(`<img src="/web/image/12-ab/x.png">`, 12)).toBe(true);
        expect(showsAttachment(`<img src="/web/image/123">`, 12)).toBe(false);
    });
});
