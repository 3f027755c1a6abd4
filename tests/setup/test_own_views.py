import runpy

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path


@tagged("post_install", "-at_install")
class TestOwnViews(TransactionCase):
    """Updating a database in which our views still were spread over several records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = cls.env.ref("servicedesk.servicedesk_ticket_view_form")
        cls.former = cls._inherit(cls.form, '<field name="service_id" position="after"><h3>Reassign</h3></field>')
        cls.env["ir.model.data"].create({
            "module": "servicedesk", "name": "servicedesk_ticket_view_form_assignment", "model": "ir.ui.view",
            "res_id": cls.former.id})

    @classmethod
    def _inherit(cls, view, arch):
        return cls.env["ir.ui.view"].create({
            "name": "Added", "model": "servicedesk.ticket", "inherit_id": view.id, "mode": "extension", "arch": arch})

    def update(self):
        script = runpy.run_path(file_path("servicedesk/migrations/19.0.1.0.1/post-own_views.py"))
        script["migrate"](self.env.cr, "19.0.1.0.0")

    def test_an_administrators_view_outlives_the_one_it_hung_on(self):
        own = self._inherit(self.former, '<field name="service_id" position="before"><b>Ours</b></field>')
        self.update()
        self.assertEqual(own.inherit_id, self.form)
        # as Odoo removes what an update no longer brings
        self.former.with_context(_force_unlink=True).unlink()
        self.assertTrue(own.exists())
        self.assertIn("<b>Ours</b>", self.form.get_combined_arch())

    def test_our_own_views_stay_where_they_are(self):
        self.update()
        self.assertEqual(self.former.inherit_id, self.form)

    def test_translations_changed_by_hand_go_along(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.former.update_field_translations("arch_db", {"cs_CZ": {"Reassign": "Hodit kolegovi"}})
        self.update()
        self.assertIn('string="Hodit kolegovi"', self.form.with_context(lang="cs_CZ").arch_db)
        self.assertIn('string="Reassign"', self.form.with_context(lang="en_US").arch_db)

    def test_a_second_update_changes_nothing(self):
        self.former.with_context(_force_unlink=True).unlink()
        before = self.form.get_combined_arch()
        self.update()
        self.assertEqual(self.form.get_combined_arch(), before)
