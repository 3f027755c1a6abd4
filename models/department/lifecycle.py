from odoo import fields, models


class ServicedeskDepartment(models.Model):
    """How a department lets its tickets end: resolving, what closes by itself, parents and children, merging."""

    _inherit = "servicedesk.department"

    resolve_to = fields.Selection(
        [("acceptance", "Wait for the requester's acceptance"), ("closed", "Close at once")],
        "Resolving a ticket", default="acceptance", required=True)
    acceptance_days = fields.Integer("Close what waits for acceptance after", default=7, help="Days. 0: never.")
    waiting_days = fields.Integer("Close what waits for the customer after", default=0, help="Days. 0: never.")
    notice_days = fields.Integer(
        "Tell the requester before", default=2, help="Days before a ticket closes by itself. 0: no notice.")
    archive_days = fields.Integer(
        "Archive closed tickets after", default=90,
        help="Days. 0: never. A customer's answer to an archived ticket opens a new one.")
    child_rule = fields.Selection(
        [("free", "Leaves its child tickets alone"), ("block", "Is not possible while a child ticket is open"),
         ("cascade", "Closes its child tickets too")],
        "Closing a parent ticket", default="free", required=True)
    merge_undo_days = fields.Integer("Merging can be undone for", default=30, help="Days.")

    _days_positive = models.Constraint(
        "CHECK (acceptance_days >= 0 AND waiting_days >= 0 AND notice_days >= 0 AND archive_days >= 0"
        " AND merge_undo_days >= 0)", "Days cannot be negative.")
