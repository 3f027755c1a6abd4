from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools import variables
from ...tools.mail import mail_text
from ..common import ServicedeskCase
from ..item.test_schedule import DepartureCase


class TestTemplates(DepartureCase):
    def setUp(self):
        super().setUp()
        self.Template = self.env["servicedesk.template"]
        self.boss = self._new_agent("boss", self.support, "supervisor")
        self.template = self.new_template()

    def new_template(self, **vals):
        return self.Template.create({
            "name": "Restart", "department_id": self.support.id, "shortcut": "::Restart",
            "subject": "About {{ticket.subject}}",
            "body": "<p>Hello {{contact.name}}, about {{ticket.number}} of {{client.name}}.</p>", **vals})

    def render(self, template=None, user=None):
        Template = self.Template.with_user(user or self.agent)
        return Template.render_for_ticket((template or self.template).id, self.ticket.id)

    def names(self, term="", user=None):
        Template = self.Template.with_user(user or self.agent)
        return [row["name"] for row in Template.find_for_ticket(self.ticket.id, term)]

    # --- values

    def test_values_of_the_ticket(self):
        rendered = self.render()
        self.assertEqual(rendered["html"],
                         f"<p>Hello Jana Novotná, about {self.ticket.number} of Stavby Vltava a.s..</p>")
        self.assertEqual((rendered["subject"], rendered["missing"]), ("About VPN", []))

    def test_what_a_customer_typed_is_data(self):
        self.ticket.subject = "<script>alert(1)</script> {{agent.email}} ${1+1}"
        template = self.new_template(
            shortcut=False, body='<p>{{ticket.subject}}</p><p><a href="{{ticket.subject}}">x</a></p>')
        html = self.render(template)["html"]
        self.assertNotIn("<script", html)
        self.assertIn("&lt;script&gt;", html)
        self.assertIn("{{agent.email}}", html, "a value is not looked at again")
        self.ticket.subject = "javascript:alert(1)"
        self.assertNotIn('href="javascript', self.render(template)["html"])

    def test_empty_variables_are_marked_named_and_stop_the_sending(self):
        self.ticket.partner_id = self.ticket.contact_id = False
        rendered = self.render()
        self.assertIn('<span class="o_sd_missing">[[name of the customer]]</span>', rendered["html"])
        self.assertEqual(rendered["missing"], ["name of the customer"])
        draft = self.write_draft(body=rendered["html"])
        self.assertIn("o_sd_missing", draft.body)
        with self.assertRaisesRegex(UserError, "name of the customer"):
            draft.action_send()
        draft.body = "<p>Hello [[client.name]]</p>"
        with self.assertRaisesRegex(UserError, "client.name"):
            draft.action_send()
        draft.body = "<p>Hello [[ -f /etc/hosts ]] and [[wiki page]]</p>"
        draft.action_send()
        self.assertEqual(draft.state, "queued", "other brackets are the writer's own")

    def test_nothing_in_a_link_breaks_when_it_is_empty(self):
        self.support.portal_visible = False
        template = self.new_template(shortcut=False, body='<p><a href="{{ticket.url}}">your request</a></p>')
        html = self.render(template)["html"]
        self.assertNotIn("o_sd_missing", html)
        self.assertIn("your request", html)

    def test_unknown_variables_are_refused_when_saving(self):
        for body in ("<p>{{ticket.password}}</p>", "<p>{{object.env}}</p>", "<p>{{ 1+1 }}</p>"):
            with self.assertRaises(ValidationError):
                self.new_template(shortcut=False, body=body)

    def test_values_speak_the_contacts_language(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.support.with_context(lang="cs_CZ").name = "Podpora"
        self.jana.lang = "cs_CZ"
        template = self.new_template(shortcut=False, body="<p>{{department.name}}</p>")
        self.assertEqual(self.render(template)["html"], "<p>Podpora</p>")

    # --- finding

    def test_only_what_fits_is_offered_the_most_used_first(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        category = self.env["servicedesk.category"].create({"name": "Net"})
        self.new_template(name="For all", department_id=False, shortcut=False).use_count = 5
        self.new_template(name="Billing's", department_id=self.billing.id, shortcut=False)
        self.new_template(name="Czech", lang="cs_CZ", shortcut=False)
        self.new_template(name="Net only", category_ids=category.ids, shortcut=False)
        self.new_template(name="Got it", use="notice", shortcut=False)
        self.assertEqual(self.names(), ["For all", "Restart"])
        self.assertEqual(self.names("czech"), ["Czech"], "a search reaches further")
        self.ticket.category_id = category
        self.jana.lang = "cs_CZ"
        self.assertEqual(sorted(self.names()), ["Czech", "For all", "Net only", "Restart"])
        with self.assertRaises(AccessError):
            self.names(user=self.clerk)

    def test_those_of_the_category_come_first_or_alone(self):
        parent = self.env["servicedesk.category"].create({"name": "Net"})
        category = self.env["servicedesk.category"].create({"name": "VPN", "parent_id": parent.id})
        self.new_template(name="Much used", shortcut=False).use_count = 50
        self.new_template(name="Of the parent", category_ids=parent.ids, shortcut=False)
        self.new_template(name="Of the category", category_ids=category.ids, shortcut=False)
        elsewhere = self.env["servicedesk.category"].create({"name": "Printers"})
        self.new_template(name="Elsewhere", category_ids=elsewhere.ids, shortcut=False)
        self.assertEqual(category.template_ids.mapped("name"), ["Of the category"])
        self.ticket.category_id = category
        self.assertEqual(self.names(), ["Of the category", "Of the parent", "Much used", "Restart"])
        self.assertEqual(self.names("elsewhere"), ["Elsewhere"])
        parent.templates_only = True
        self.assertEqual(self.names(), ["Of the category", "Of the parent"])
        self.assertEqual(self.names("elsewhere") + self.names("restart"), [], "nor by a search")
        self.ticket.category_id = elsewhere
        self.assertEqual(self.names(), ["Elsewhere", "Much used", "Restart"])

    def test_words_without_accents_and_shortcuts_find_it(self):
        self.new_template(name="Návrat ovladače", shortcut="ovladac")
        self.assertEqual(self.names("navrat"), ["Návrat ovladače"])
        self.assertEqual(self.names("::restart")[0], "Restart")

    def test_use_is_counted(self):
        self.template.with_user(self.agent).note_use()
        self.assertEqual(self.template.use_count, 1)

    # --- rights

    def test_who_reads_and_who_writes(self):
        self.assertFalse(self.Template.with_user(self.clerk).search([("id", "=", self.template.id)]))
        with self.assertRaises(AccessError):
            self.template.with_user(self.clerk).read(["body"])
        for change in (lambda: self.template.with_user(self.agent).write({"name": "x"}),
                       lambda: self.template.with_user(self.agent).unlink(),
                       lambda: self.Template.with_user(self.agent).create({"name": "x", "body": "<p>x</p>"}),
                       lambda: self.template.with_user(self.boss).write({"department_id": self.billing.id}),
                       lambda: self.template.with_user(self.boss).write({"department_id": False})):
            with self.assertRaises(AccessError):
                change()
        mine = self.Template.with_user(self.boss).create({"name": "Mine", "body": "<p>x</p>"})
        self.assertEqual(mine.department_id, self.support)
        mine.write({"name": "Still mine"})
        mine.unlink()

    @mute_logger("odoo.sql_db")
    def test_a_shortcut_is_unique_in_its_department(self):
        self.assertEqual(self.template.shortcut, "restart")
        self.new_template(department_id=self.billing.id)
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.new_template(shortcut="RESTART")

    # --- from an item

    def test_save_as_template_keeps_no_variables(self):
        self.first.body = "<p>Use {{agent.name}} and {{{x}}} here</p>"
        with self.assertRaises(AccessError):
            self.first.with_user(self.agent).action_save_as_template()
        action = self.first.with_user(self.boss).action_save_as_template()
        values = self.Template.with_user(self.boss).with_context(**action["context"]).default_get(
            ["name", "body", "department_id"])
        template = self.Template.with_user(self.boss).create(values)
        self.assertEqual(variables.names(template.body), [])
        self.assertIn("{ {agent.name} }", template.body)
        self.assertEqual(template.department_id, self.support)

    def test_save_as_template_leaves_the_signature_out(self):
        answer = self.write_answer(
            self.ticket, self.agent, body='<p>Try it.</p><div class="o_sd_signature"><div>Me</div>We</div>')
        action = answer.with_user(self.boss).action_save_as_template()
        self.assertEqual(action["context"]["default_body"], "<p>Try it.</p>")


class TestSignature(DepartureCase):
    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.agent.with_user(self.agent).servicedesk_signature = "<p>Agent Smith</p>"

    def test_user_and_department_as_the_contact_speaks(self):
        self.support.update_field_translations("signature", {"cs_CZ": {"Severka support": "Podpora Severka"}})
        self.agent.with_user(self.agent).update_field_translations(
            "servicedesk_signature", {"cs_CZ": {"Agent Smith": "Agent Kovář"}})
        prepare = self.Item.with_user(self.agent).prepare_draft
        self.assertEqual(prepare(self.ticket.id, "email")["body"],
                         '<p><br/></p><div class="o_sd_signature"><p>Agent Smith</p><p>Severka support</p></div>')
        self.jana.lang = "cs_CZ"
        self.assertEqual(prepare(self.ticket.id, "email")["body"],
                         '<p><br/></p><div class="o_sd_signature"><p>Agent Kovář</p><p>Podpora Severka</p></div>')

    def test_not_in_notes_and_never_twice(self):
        Item = self.Item.with_user(self.agent)
        self.assertEqual(Item.prepare_draft(self.ticket.id, "note")["body"], "")
        start = Item.prepare_draft(self.ticket.id, "email")
        Item.save_draft(self.ticket.id, "email", start)
        again = Item.prepare_draft(self.ticket.id, "email", self.first.id)
        self.assertEqual(again["body"].count("o_sd_signature"), 1)

    def test_one_sets_only_ones_own(self):
        with self.assertRaises(AccessError):
            self.junior.with_user(self.agent).servicedesk_signature = "<p>x</p>"


@tagged("-at_install", "post_install")
class TestVariables(ServicedeskCase):
    def test_table(self):
        def empty(name):
            return f"[[{name}]]"

        for text, values, html, expected in (
            ("{{a}}", {"a": "1"}, False, "1"),
            ("{{ a }} {{b}}", {"a": "<b>"}, True, "&lt;b&gt; "),
            ("x < y {{b}}", {}, False, "x < y "),
            ("{{a", {"a": "1"}, False, "{{a"),
        ):
            self.assertEqual(variables.render(text, values, html=html), expected)
        self.assertEqual(variables.render("<p>{{b}}</p>", {}, html=True, empty=empty), "<p>[[b]]</p>")
        self.assertEqual(variables.render('<a href="{{b}}">x</a>', {}, html=True, empty=empty), '<a href="">x</a>')

    def test_neutralise(self):
        for text in ("{{a}}", "{{{a}}}", "{{{{a}}}}", "}}{{"):
            self.assertEqual(variables.names(variables.neutralise(text)), [])
        self.assertEqual(variables.neutralise("{a} text"), "{a} text")

    def test_without_signature(self):
        for body, expected in (
            ("<p>a</p><div class='o_sd_signature'><div>x</div>y</div>", "<p>a</p>"),
            ("a &lt; b", "a &lt; b"), ("", ""),
        ):
            self.assertEqual(mail_text.without_signature(body), expected)
