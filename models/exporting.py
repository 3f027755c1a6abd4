from odoo import models


class ServicedeskScope(models.AbstractModel):
    """Exporting: a right of the membership, whatever list or form the export starts from."""

    _inherit = "servicedesk.scope"

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Let nobody carry a department's tickets away who may not export there.

        Overridden here and not on the call of the dialog, because the rows of tickets are also reached from the client
        or task that is exported.

        :raise AccessError: without the right to export in one of the departments concerned
        """
        self._get_export_departments()._check_right("export")
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    def _get_export_departments(self):
        """Return the departments that these records belong to, by the first path there is (superuser mode)."""
        records = self.sudo()  # sudo: which departments it is about; the right in them is checked next
        for path in ("department_id", "ticket_id", "item_id", "clock_id", "survivor_id"):
            if path in self._fields:
                target = records[path]
                found = target if path == "department_id" else target._get_export_departments()
                return found.sudo(self.env.su)  # sudo: as the caller was
        return self.env["servicedesk.department"]
