from odoo import fields, models
from odoo.exceptions import UserError


class DraftConflict(UserError):
    """The draft is not any more what the screen that wants to store it has read."""


class ServicedeskItem(models.Model):
    """One draft, several windows of its author: none writes over what it has not read.

    Each composer gives itself a name, ``draft_window``, which is stored with what it saves. With ``known``
    (``{id, window}`` as the draft was read or last saved) a save says what it goes on from.
    """

    _inherit = "servicedesk.item"

    draft_window = fields.Char(copy=False, export_string_translation=False,
                               help="The composer that stored the draft last.")

    def _check_known(self, values):
        """Check that this draft (or none) is what a composer goes on from; who names nothing is not asked.

        :param dict values: of ``save_draft``, with ``draft_window`` and ``known``
        :raise DraftConflict: where it was changed elsewhere, or is no draft of the user's any more
        """
        known = values.get("known")
        if known is None or (self and self.draft_window and self.draft_window == values.get("draft_window")):
            return
        if (self.id or False) != (known.get("id") or False) or (
                self and (self.draft_window or "") != (known.get("window") or "")):
            raise DraftConflict(self.env._(
                "The draft has been changed in another window meanwhile. What you see here is not saved."))
