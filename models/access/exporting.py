import re

from odoo import api, models

# How a record leads to its department; the first that the model has.
PATHS = ("department_id", "ticket_id", "item_id", "clock_id", "survivor_id")
# What spreadsheets run, or make a link to the reader's disk of, instead of showing it; Odoo's CSV adds "+" and "-".
FORMULA = re.compile(r"\s*(?:\{?=|@)|[\t\r]|(?:internal|external):", re.I)


def as_text(value):
    """Return what is exported so that a spreadsheet takes it for text, marked as Odoo marks it in CSV."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value



class ServicedeskScope(models.AbstractModel):
    """Exporting: a right of the membership, whatever list or form the export starts from."""

    _inherit = "servicedesk.scope"

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Let nobody carry a department's tickets away who may not export there, nor let strangers' words run.

        Overridden here and not on the call of the dialog, because the rows of tickets are also reached from the client
        or task that is exported.

        :raise AccessError: without the right to export in one of the departments concerned
        """
        self._get_export_departments()._check_right("export")
        rows = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        return [[as_text(value) for value in row] for row in rows]

    def _get_export_departments(self):
        """Return the departments that these records belong to, by the first path there is (superuser mode)."""
        records = self.sudo()  # sudo: which departments it is about; the right in them is checked next
        for path in PATHS:
            if path in self._fields:
                target = records[path]
                found = target if path == "department_id" else target._get_export_departments()
                return found.sudo(self.env.su)  # sudo: as the caller was
        return self.env["servicedesk.department"]

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        return (*super()._get_view_cache_key(view_id, view_type, **options), *self._get_absent_actions())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Leave out the actions for which the user has the right in no department at all."""
        arch, view = super()._get_view(view_id, view_type, **options)
        for action in self._get_absent_actions():
            arch.set(action, "0")
        return arch, view

    @api.model
    def _get_absent_actions(self):
        """Return the attributes of views that switch off what the user may do nowhere."""
        belongs = any(path in self._fields for path in PATHS)
        return ["export_xlsx"] if belongs and self.env.user._get_servicedesk_right("export") == set() else []
