from odoo import fields
from odoo.fields import Domain


class _Ruled:
    """A relation to records of which a reader may see some: a search by numbers asks for them under the reader's rules.

    Odoo compares numbers as superuser: whoever sees a customer could ask with ``[("ticket_ids", "in", [17])]`` whose
    the ticket 17 is, and with ``!= False`` who has any. The words of such a domain, ``any``, are asked under rules
    (``condition_to_sql`` in Odoo's ``fields_relational.py``); here numbers are, too.
    """

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        if model.env.su or operator not in ("in", "not in"):
            return super().condition_to_sql(field_expr, operator, value, model, alias, query)
        model = model.with_context(active_test=False)
        asked = self._ask_by_rules(set(value))
        return (asked if operator == "in" else ~asked).optimize_full(model)._to_sql(model, alias, query)

    def _ask_by_rules(self, ids):
        """Return ``in`` this set of ids, False among them for none, as a domain that goes through the rules."""
        asked = Domain(self.name, "any", Domain("id", "in", list(ids - {False}))) if ids - {False} else Domain.FALSE
        return asked | Domain(self.name, "not any", Domain.TRUE) if False in ids else asked


class RuledOne2many(_Ruled, fields.One2many):
    """One2many to records of :class:`ServicedeskScope`."""


class RuledMany2many(_Ruled, fields.Many2many):
    """Many2many to records of :class:`ServicedeskScope`."""
