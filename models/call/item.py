from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServicedeskItem(models.Model):
    """Calls and meetings: records of what was said on the telephone or in person, finished when they are saved.

    The timer of a call lives in the draft: ``duration`` holds the seconds that have been counted, ``running_since``
    (UTC) the moment since when it counts again; so it survives a reload and another browser.
    """

    _inherit = "servicedesk.item"

    phone_number = fields.Char("Number", index="btree_not_null",
                               help="As E.164 (+420777123456) where it is a number, else as it was typed.")
    person_id = fields.Many2one("res.partner", "Spoke with", index="btree_not_null", ondelete="set null")
    person_name = fields.Char("Somebody else", help="People who are not among your contacts.")
    call_result = fields.Selection([("reached", "Answered"), ("missed", "No answer"), ("message", "Left a message"),
                                    ("callback", "They will call back")], "Result")
    started_at = fields.Datetime("Start")
    duration = fields.Integer("Duration (seconds)")
    running_since = fields.Datetime(export_string_translation=False)
    location = fields.Char("Where")
    participant_ids = fields.Many2many("res.partner", "servicedesk_item_participant_rel", "item_id", "partner_id",
                                       "Took part")
    participants = fields.Char("Others who took part", help="People who are not among your contacts.")

    @api.constrains("kind", "direction", "duration")
    def _check_call(self):
        for item in self:
            if item.kind == "call" and item.direction == "internal":
                raise ValidationError(self.env._("A call comes in or goes out."))
            if item.duration < 0:
                raise ValidationError(self.env._("A conversation must end after it has begun."))
