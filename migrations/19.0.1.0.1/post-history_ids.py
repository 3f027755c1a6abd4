"""History keeps ids of the tickets that it tells of, no more their subjects: these are secrets of their departments.

A ticket that is gone keeps its number.
"""
FACTS = ("child_added", "child_removed", "related", "unrelated", "split", "split_from", "parent_id")


def migrate(cr, _version):
    for side in ("old", "new"):
        cr.execute(
            f"""UPDATE servicedesk_event event SET {side}_ids = to_jsonb(ARRAY[named.id]), {side}_value = NULL
                  FROM servicedesk_ticket own, servicedesk_ticket named
                 WHERE event.kind IN %s AND event.{side}_ids IS NULL AND event.{side}_value IS NOT NULL
                   AND own.id = event.ticket_id AND named.company_id = own.company_id
                   AND named.number = split_part(event.{side}_value, ' · ', 1)""", (FACTS,))
        cr.execute(
            f"""UPDATE servicedesk_event SET {side}_value = split_part({side}_value, ' · ', 1)
                 WHERE kind IN %s AND {side}_value LIKE '%% · %%'""", (FACTS,))
