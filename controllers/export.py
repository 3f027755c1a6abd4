from odoo.addons.web.controllers.export import ExcelExport

from ..models.access.exporting import as_text


class ServicedeskExcelExport(ExcelExport):
    """Headings of groups are strangers' words, too: subjects, names (see ``as_text``)."""

    def from_group_data(self, fields, columns_headers, groups):
        if "user_scope" in groups._model._fields:
            self._name_groups_as_text(groups)
        return super().from_group_data(fields, columns_headers, groups)

    def _name_groups_as_text(self, groups):
        groups.children = {
            (key[0], as_text(key[1])) if isinstance(key, tuple) and len(key) > 1 else as_text(key): child
            for key, child in groups.children.items()}
        for child in groups.children.values():
            self._name_groups_as_text(child)
