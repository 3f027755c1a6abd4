import runpy

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

CZECH = {"lang": "cs_CZ"}


@tagged("post_install", "-at_install")
class TestWordsUpdate(TransactionCase):
    """Updating a database that speaks Czech as we shipped it before the glossary."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("cs_CZ")
        cls.module = cls.env.ref("base.module_servicedesk")
        cls.module._update_translations()
        cls.menu = cls.env.ref("servicedesk.menu_intake")
        cls.view = cls.env.ref("servicedesk.servicedesk_intake_view_form")

    def update(self):
        """Run the script, then what Odoo does next: load the terms that are missing."""
        script = runpy.run_path(file_path("servicedesk/migrations/19.0.1.0.3/post-words.py"))
        script["migrate"](self.env.cr, "19.0.1.0.2")
        self.env.flush_all()
        self.module._update_translations()
        self.env.invalidate_all()

    def say(self, record, field, text):
        record._update_field_translations(field, {"cs_CZ": text})

    def test_our_former_name_of_a_menu_is_replaced(self):
        fresh = self.menu.with_context(**CZECH).name
        self.say(self.menu, "name", "Přijaté zprávy")
        self.update()
        self.assertEqual(self.menu.with_context(**CZECH).name, fresh)
        self.assertNotEqual(fresh, "Přijaté zprávy")

    def test_an_administrators_name_of_a_menu_stays(self):
        self.say(self.menu, "name", "Co nám přišlo")
        self.update()
        self.assertEqual(self.menu.with_context(**CZECH).name, "Co nám přišlo")

    def test_our_former_label_of_a_field_is_replaced(self):
        field = self.env["ir.model.fields"]._get("servicedesk.ticket", "partner_id")
        self.say(field, "field_description", "Klient")
        self.update()
        self.assertEqual(field.with_context(**CZECH).field_description, "Zákazník")

    def test_in_a_view_our_former_terms_are_replaced_and_an_administrators_stay(self):
        self.say(self.view, "arch_db", {"Message source": "Jak zpráva přišla", "Reject": "Zahodit to"})
        self.assertIn("Jak zpráva přišla", self.view.with_context(**CZECH).arch_db)
        self.update()
        arch = self.view.with_context(**CZECH).arch_db
        self.assertIn("Zdroj zprávy", arch)
        self.assertNotIn("Jak zpráva přišla", arch)
        self.assertIn("Zahodit to", arch)

    def test_in_a_view_that_has_taken_parts_of_another_their_former_terms_are_replaced_too(self):
        view = self.env.ref("servicedesk.servicedesk_department_view_form")
        self.say(view, "arch_db", {"Agents record": "Pracovníci zaznamenávají"})  # stood in a view of its own
        self.update()
        self.assertIn("Agenti zaznamenávají", view.with_context(**CZECH).arch_db)

    def test_a_second_update_changes_nothing(self):
        self.update()
        before = self.view.with_context(**CZECH).arch_db, self.menu.with_context(**CZECH).name
        self.update()
        self.assertEqual((self.view.with_context(**CZECH).arch_db, self.menu.with_context(**CZECH).name), before)
