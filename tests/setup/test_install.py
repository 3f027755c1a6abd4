from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import sql

from ... import hooks
from ..common import ServicedeskCase

# Small tables that nobody waits for.
SMALL = {"fetchmail_server", "ir_mail_server", "resource_calendar", "resource_calendar_attendance",
         "resource_calendar_leaves", "res_config_settings"}


@tagged("post_install", "-at_install")
class TestInstall(ServicedeskCase):
    """What the add-on puts into Odoo's tables is put there in short steps, before the long transaction."""

    def test_every_column_in_a_big_table_is_prepared(self):
        found = set()
        for model_name in self.env.registry:
            model = self.env[model_name]
            if model_name.startswith("servicedesk.") or model._abstract or not model._auto or model._table in SMALL:
                continue
            for field in model._fields.values():
                if field._module == "servicedesk" and field.store and field.column_type:
                    default = field.default and field.default(model)
                    found.add((model._table, field.name, field.column_type[0], bool(field.index), default))
        self.assertEqual(found, set(hooks.COLUMNS))

    def test_what_is_prepared_is_what_the_models_would_make(self):
        for name, *_rest in hooks.INDEXES:
            self.assertTrue(sql.index_exists(self.env.cr, name), name)
        made = {}
        for model_name in self.env.registry:
            model = self.env[model_name]
            if model._table in {table for table, *_rest in hooks.COLUMNS}:
                made |= {one.full_name(model): model._table for one in model._table_objects.values()
                         if "servicedesk" in one.name}
        self.assertEqual(made, {name: table for name, table, *_rest in hooks.INDEXES})
        for table, column, _kind, index, _default in hooks.COLUMNS:
            if index:
                self.assertTrue(sql.index_exists(self.env.cr, sql.make_index_name(table, column)))

    def test_domains_are_filled_as_computed(self):
        Partner = self.env["res.partner"]
        made = Partner.create([
            {"name": "a", "is_company": True, "email": "A@Acme.Example"}, {"name": "b", "email": "b@acme.example"},
            {"name": "c", "is_company": True, "email": "c@gmail.com"}, {"name": "d", "is_company": True},
            {"name": "e", "is_company": True, "email": "no address"}])
        self.env.flush_all()
        computed = made.mapped("servicedesk_domain")
        self.assertEqual(computed, ["acme.example", False, False, False, False])
        self.env.cr.execute("UPDATE res_partner SET servicedesk_domain = NULL")
        with patch.object(hooks, "_commit", lambda cr: None), patch.object(hooks, "BATCH", 2):
            hooks._fill_domains(self.env)
        self.env.invalidate_all()
        self.assertEqual(made.mapped("servicedesk_domain"), computed)
