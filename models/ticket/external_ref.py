import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.tools import mute_logger

LONGEST = 200


class ServicedeskTicket(models.Model):
    """How another system calls a ticket that it opens: what it sends twice is one ticket."""

    _inherit = "servicedesk.ticket"

    external_ref = fields.Char(
        "Sender's reference", copy=False, prefetch=False,
        help="By which the system that created this ticket knows it. No two tickets of a company have the same.")

    _external_ref_uniq = models.UniqueIndex(
        "(company_id, external_ref) WHERE external_ref <> ''", "Another ticket has this sender's reference already.")

    @api.model
    def create_once(self, vals):
        """Create a ticket unless one with the same ``external_ref`` is there; for systems that try again.

        What is there is returned as it is: the other values of a repeated call change nothing. Of a ticket that was
        merged it is the one that it went into.

        :param dict vals: as for ``create``, with ``external_ref``
        :return: ``{id, number, created}``
        :raise AccessError: where the ticket of this reference is out of the user's sight
        """
        reference = (vals.get("external_ref") or "").strip()
        if not reference:
            raise UserError(self.env._("“create_once” needs “external_ref”, by which a repeated call is recognised."))
        ticket, created = self._find_by_external_ref(vals, reference), False
        if ticket:
            ticket.check_access("read")
        else:
            ticket, created = self._create_or_retry(vals | {"external_ref": reference}), True
        return {"id": ticket.id, "number": ticket.number, "created": created}

    @api.model
    def _create_or_retry(self, vals):
        """Create a ticket; where somebody else has just done so, let Odoo run the whole call once more: it sees it."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return self.create(vals)
        except psycopg2.errors.UniqueViolation as error:
            if "external_ref" in (error.diag.constraint_name or ""):
                raise ConcurrencyError(self.env._("Another ticket has this sender's reference already.")) from error
            raise

    @api.model
    def _find_by_external_ref(self, vals, reference):
        """Return what there is of this reference in the company of these values, whoever may see it."""
        department = vals.get("department_id") or self._default_department_id().id
        # sudo: only its company
        company = self.env["servicedesk.department"].sudo().browse(department).company_id
        # sudo: a reference is taken also where its ticket is out of sight; nothing of it is told
        ticket = self.sudo().search([("external_ref", "=", reference), ("company_id", "=", company.id)])
        while ticket.merged_into_id:
            ticket = ticket.merged_into_id
        return self.browse(ticket.id)

    def _check_external_refs(self, vals_list):
        """:raise ValidationError: which ticket has the reference already, and what to call instead"""
        for vals in vals_list:
            reference = vals.get("external_ref")
            if reference and len(reference) > LONGEST:
                raise ValidationError(self.env._("A sender's reference has at most %s characters.", LONGEST))
            if reference and (ticket := self._find_by_external_ref(vals, reference)):
                raise ValidationError(self.env._(
                    "The ticket %(number)s has the reference “%(reference)s” already. A system that may send the same"
                    " twice calls “create_once”.", reference=reference,
                    number=ticket.number if ticket.has_access("read") else "…"))
