import unicodedata

from markupsafe import escape

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ...tools import limits

HITS, WORDS = limits.SEARCH_HITS, limits.SEARCH_WORDS
# Letters with a mark become the bare small letter, hard spaces become spaces: what `translate` is given.
MARKED = {char: base.lower() for char in map(chr, range(0xC0, 0x250))
          if (base := unicodedata.normalize("NFD", char)[0]).isascii()} | {"\xa0": " "}
INLINE = r"</?(a|b|i|u|s|em|strong|span|font|mark|small|code|wbr)(\s[^>]*)?>"


def fold(text):
    """Return ``text`` as the search compares it: small letters without marks."""
    return "".join(MARKED.get(char, char) for char in unicodedata.normalize("NFC", text)).lower()


def folded(expression):
    """Return SQL that does to a column what :func:`fold` does to the words looked for."""
    return SQL("lower(translate(%s, %s, %s))", expression, "".join(MARKED), "".join(MARKED.values()))


class ServicedeskTimeline(models.AbstractModel):
    """Search inside one ticket: over everything that was said, also what has not been loaded yet."""

    _inherit = "servicedesk.timeline"

    @api.model
    @api.readonly
    def search_items(self, ticket_id, text):
        """Return the items of a ticket that hold all words of ``text``, whatever their case and diacritics.

        Looked through are texts, subjects, names, addresses and names of files.

        :return: ``{ids: [int], count: int}``, oldest first, the newest 500 hits
        :raise AccessError: where the ticket is out of sight
        """
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        ticket.check_access("read")
        words = fold(text or "").split()[:WORDS]
        if not words:
            return {"ids": [], "count": 0}

        def to_sql(_model, alias, _query):
            haystack = self._get_search_sql(alias)
            return SQL(" AND ").join(
                SQL("%s LIKE %s", haystack, f"%{escape_psql(str(escape(word)))}%") for word in words)

        items = self.env["servicedesk.item"].search(
            Domain("ticket_id", "=", ticket.id) & Domain("state", "!=", "draft") & Domain.custom(to_sql=to_sql),
            limit=HITS)
        return {"ids": items.ids[::-1], "count": len(items)}

    def _get_search_sql(self, alias):
        """Return SQL for the searchable text of an item, one line, folded."""
        def column(name):
            return SQL.identifier(alias, name)

        text = SQL("regexp_replace(regexp_replace(coalesce(%s, ''), %s, '', 'gi'), '<[^>]*>', ' ', 'g')",
                   column("body"), INLINE)
        others = [column(name) for name in
                  ("subject", "author_name", "email_from", "email_to", "email_cc", "phone_from", "phone_to")]
        names = SQL(
            """(SELECT string_agg(partner.name, ' ') FROM res_partner partner
                 WHERE partner.id = %s OR partner.id = (SELECT partner_id FROM res_users WHERE id = %s))""",
            column("author_partner_id"), column("author_user_id"))
        files = SQL(
            """(SELECT string_agg(file.name, ' ') FROM ir_attachment file
                 WHERE file.res_model = 'servicedesk.item' AND file.res_id = %s AND file.res_field IS NULL)""",
            column("id"))
        return folded(SQL("concat_ws(' ', %s, %s)", text, SQL(", ").join([*others, names, files])))
