from odoo import fields, models


class ServicedeskDepartment(models.Model):
    """How a department lets its tickets end: resolving, what closes by itself, parents and children, merging."""

    _inherit = "servicedesk.department"

    resolve_to = fields.Selection(
        [("acceptance", "Wait for customer confirmation"), ("closed", "Close at once")],
        "Resolving a ticket", default="acceptance", required=True)
    acceptance_days = fields.Integer("Close without customer confirmation after (days)", default=7,
                                     help="Set 0 to never close by itself.")
    waiting_days = fields.Integer("Close without customer reply after (days)", default=0,
                                     help="Set 0 to never close by itself.")
    notice_days = fields.Integer(
        "Warn the customer before closing (days)", default=2,
        help="Notifies the customer this many days before a ticket closes by itself, for example 2. Set 0 to switch it "
             "off.")
    archive_days = fields.Integer(
        "Archive closed tickets after (days)", default=90,
        help="Set 0 to never archive. A customer's reply to an archived ticket opens a new one.")
    child_rule = fields.Selection(
        [("free", "Leaves its sub-tickets as they are"), ("block", "Is not possible while a sub-ticket is open"),
         ("cascade", "Closes its sub-tickets too")],
        "Closing a parent ticket", default="free", required=True)
    merge_undo_days = fields.Integer("Merges can be undone for (days)", default=30,
                                     help="How long a merge can be undone, for example 30 days.")

    _days_positive = models.Constraint(
        "CHECK (acceptance_days >= 0 AND waiting_days >= 0 AND notice_days >= 0 AND archive_days >= 0"
        " AND merge_undo_days >= 0)", "Days cannot be negative.")
