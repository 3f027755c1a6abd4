"""The viewer in a real browser, over all hostile and ugly bodies: in the time line and in the portal."""
import json
import re

from odoo.tests import HttpCase, new_test_user, tagged

from ...tools.mail import html_cleaner
from ..common import ServicedeskCase
from .foreign_bodies import BODIES, EVIL

# Looks at every box (`hosts`: selector) and writes what is wrong with it; the words and looks come as JSON.
LOOK_AT = """
(async () => {
    const bodies = %(bodies)s, wrong = [];
    const say = (name, what) => wrong.push(`${name}: ${what}`);
    const flat = (text) => text.replace(/[\\s\\u202a-\\u202e]+/g, " ");
    %(prepare)s
    await new Promise((done) => setTimeout(done, 500));
    const hosts = [...document.querySelectorAll(%(hosts)s)];
    if (hosts.length !== bodies.length) { throw new Error(`${hosts.length} boxes of ${bodies.length}`); }
    for (const [index, host] of hosts.entries()) {
        const { name, words, look } = bodies[index];
        const root = host.shadowRoot;
        if (!root) { say(name, "is not isolated"); continue; }
        root.querySelectorAll("details").forEach((one) => (one.open = true));
        root.querySelectorAll("script, style:not(:first-child), iframe, form, input, object, embed").forEach(
            (one) => say(name, `holds ${one.tagName}`));
        for (const one of root.querySelectorAll("*")) {
            if ([...one.attributes].some((attribute) => /^on/i.test(attribute.name))) { say(name, "holds a handler"); }
            if (one.href && !/^(https?|mailto|tel):/.test(one.href)) { say(name, `leads to ${one.href}`); }
        }
        const shown = flat(root.querySelector(".o_sd_text").innerText);
        for (const word of words) { shown.includes(word) || say(name, `lacks ${word}: ${shown.slice(0, 100)}`); }
        if (look.length) {
            const [word, property, wanted] = look;
            const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
            let found = null;
            while (!found && walker.nextNode()) {
                found = walker.currentNode.data.includes(word) && walker.currentNode.parentElement;
            }
            const seen = found && getComputedStyle(found)[property];
            seen === wanted || say(name, `${property} is ${seen}, not ${wanted}`);
        }
        host.scrollIntoView({ block: "center" });
        const box = host.getBoundingClientRect();
        const [width, height] = [window.innerWidth, window.innerHeight];
        for (let x = 3; x < width; x += 127) {
            for (let y = 3; y < height; y += 83) {
                const inside = x >= box.left - 1 && x <= box.right + 1 && y >= box.top - 1 && y <= box.bottom + 1;
                if (!inside && document.elementFromPoint(x, y) === host) {
                    say(name, `covers ${x},${y}`);
                    x = width;
                    break;
                }
            }
        }
        if (box.right > width + 1 || box.left < -1) { say(name, "is wider than the page"); }
        if (window.ran) { say(name, "has run"); window.ran = 0; }
    }
    if (wrong.length) { throw new Error(`${wrong.length} wrong: ${wrong.slice(0, 30).join(" | ")}`); }
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""
# Mounts the viewer of the time line for each body.
MOUNT = """
    const get = (name) => odoo.loader.modules.get(name);
    const { App } = get("@odoo/owl"), { getTemplate } = get("@web/core/templates");
    const { prepareBody } = get("@servicedesk/backend/common/mail_body");
    const { ForeignHtml } = get("@servicedesk/backend/common/foreign_html/foreign_html");
    document.body.insertAdjacentHTML(
        "beforeend", "<div id='all' style='position:fixed;inset:0;z-index:5000;overflow:auto;background:white'></div>");
    for (const { html } of bodies) {
        const place = document.createElement("div");
        place.className = "o_sd_card";
        place.style = "margin: 60px 90px; max-width: 500px";
        document.querySelector("#all").append(place);
        const app = new App(ForeignHtml, {
            getTemplate, translateFn: (text) => text, props: { html: prepareBody(html, { foreign: true }).html } });
        await app.mount(place);
    }
"""


@tagged("post_install", "-at_install")
class TestForeignHtml(HttpCase, ServicedeskCase):
    def setUp(self):
        super().setUp()
        self.called = []

    def fetch_proxy(self, url):
        if EVIL in url:
            self.called.append(url)
        return super().fetch_proxy(url)

    def look_at(self, path, login, hosts, prepare="", bodies=None):
        code = LOOK_AT % {"bodies": json.dumps(bodies), "prepare": prepare, "hosts": json.dumps(hosts)}
        self.browser_js(path, code, login=login, timeout=240)
        self.assertFalse(self.called, "no stranger's server is called")

    def describe(self, html_of):
        return [{"name": body.name, "html": str(html_of(body)), "words": body.words, "look": body.look}
                for body in BODIES]

    def test_time_line(self):
        self.look_at("/odoo", "agent", "#all .o_sd_foreign", MOUNT, self.describe(
            lambda body: html_cleaner.clean(body.html)))

    def test_time_line_of_what_is_not_cleaned(self):
        """The viewer alone: the box holds and nothing is called, whatever comes to it."""
        bodies = self.describe(lambda body: re.sub("[\0\1\ud800]", "", body.html))
        self.look_at("/odoo", "agent", "#all .o_sd_foreign", MOUNT, [one | {"words": [], "look": []} for one in bodies])

    def test_portal(self):
        user = new_test_user(self.env, "customer", "base.group_portal", email="customer@stavbyvltava.example")
        ticket = self.env["servicedesk.ticket"].create({
            "subject": "x", "department_id": self.support.id, "contact_id": user.partner_id.id})
        self.support.portal_visible = True
        self.env["servicedesk.item"].create([{
            "ticket_id": ticket.id, "kind": "email", "direction": "in", "state": "received", "body": body.html,
            "email_from": "customer@stavbyvltava.example", "date": f"2026-01-01 {n // 60:02}:{n % 60:02}:00"}
            for n, body in enumerate(BODIES)])
        self.look_at(f"/my/requests/{ticket.id}", "customer", ".o_sd_portal_body",
                     bodies=self.describe(lambda _body: ""))
