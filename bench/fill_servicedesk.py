"""Generated tickets of this add-on: tickets, items, events, and the ledger with its originals."""
import hashlib

from . import threads

INSERTS = {
    "servicedesk_ticket": """
INSERT INTO servicedesk_ticket (id, number, subject, department_id, company_id, owner_id, priority, state, waiting_for,
    closed_at, partner_id, contact_id, contact_email, contact_name, last_item_at, last_item_kind, last_item_direction,
    last_item_preview, unread, create_uid, write_uid, create_date, write_date)
SELECT %(ticket)s + n, pg_temp.numbered(%(prefix)s, nextval(%(sequence)s), %(padding)s), subject, department,
       desk.company_id, owner, priority, state, CASE WHEN state = 'waiting' THEN 'customer' END,
       CASE WHEN state IN ('closed', 'archived') THEN later END, client, contact, contact_email, contact_name, later,
       CASE WHEN noted THEN 'note' ELSE 'email' END, CASE WHEN noted THEN 'internal' ELSE 'in' END, last_words,
       state = 'open' AND NOT noted, 1, 1, created, later
  FROM bench_thread JOIN servicedesk_department desk ON desk.id = department ORDER BY n""",
    "servicedesk_intake": """
INSERT INTO servicedesk_intake (id, department_id, channel, message_id, sha256, size, received_at, email_from, subject,
    state, outcome, create_uid, write_uid, create_date, write_date)
SELECT %(intake)s + 2 * n - 1 + reply, department, 'email',
       CASE reply WHEN 0 THEN '<q' ELSE '<r' END || %(ticket)s + n || '@klient.example>', %(sha256)s, %(size)s,
       CASE reply WHEN 0 THEN created ELSE later END, contact_name || ' <' || contact_email || '>', subject,
       'done', CASE reply WHEN 0 THEN 'new' ELSE 'reply' END, 1, 1, created, created
  FROM bench_thread, generate_series(0, 1) AS reply WHERE reply = 0 OR NOT noted""",
    "servicedesk_item": """
INSERT INTO servicedesk_item (id, ticket_id, kind, direction, state, date, author_user_id, author_partner_id,
    author_name, subject, email_from, email_to, body, preview, message_id, "references", thread_reason,
    parent_item_id, intake_id, sent_at, important, third_party, create_uid, write_uid, create_date, write_date)
SELECT %(item)s + 3 * n - 2 + part, %(ticket)s + n, kind, direction, said.state, date,
       CASE WHEN direction <> 'in' THEN agent END, CASE WHEN direction = 'in' THEN contact END,
       CASE WHEN direction = 'in' THEN contact_name END,
       CASE WHEN part = 0 THEN subject WHEN kind = 'email' THEN 'Re: ' || subject END,
       CASE direction WHEN 'in' THEN customer WHEN 'out' THEN mailbox END,
       CASE direction WHEN 'in' THEN mailbox WHEN 'out' THEN customer END, body,
       left(regexp_replace(body, '<[^>]+>', ' ', 'g'), 140),
       CASE WHEN kind = 'email' THEN sign || %(ticket)s + n || '@klient.example>' END,
       CASE WHEN part > 0 AND kind = 'email' THEN '<q' || %(ticket)s + n || '@klient.example>' END,
       CASE WHEN part = 2 AND kind = 'email' THEN 'in-reply-to' END,
       CASE WHEN part > 0 AND kind = 'email' THEN %(item)s + 3 * n - 3 + part END,
       CASE WHEN direction = 'in' THEN %(intake)s + 2 * n - 1 + part / 2 END,
       CASE WHEN direction = 'out' THEN date END, false, false, 1, 1, date, date
  FROM bench_thread
  JOIN servicedesk_department desk ON desk.id = department,
       LATERAL (SELECT contact_name || ' <' || contact_email || '>' AS customer,
                       desk.email_normalized AS mailbox) AS who,
       LATERAL (VALUES (0, 'email', 'in', 'received', created, question, '<q'),
                       (1, 'email', 'out', 'sent', answered, answer, '<a'),
                       (2, CASE WHEN noted THEN 'note' ELSE 'email' END, CASE WHEN noted THEN 'internal' ELSE 'in' END,
                        CASE WHEN noted THEN 'done' ELSE 'received' END, later, '<p>' || last_words || '</p>', '<r')
               ) AS said(part, kind, direction, state, date, body, sign)
 ORDER BY n, part""",
    "ledger": """
UPDATE servicedesk_intake SET item_id = item.id FROM servicedesk_item item
 WHERE item.intake_id = servicedesk_intake.id AND servicedesk_intake.id > %(ledger)s""",
    "servicedesk_event": """
INSERT INTO servicedesk_event (ticket_id, date, user_id, kind, old_value, new_value, create_uid, write_uid, create_date,
    write_date)
SELECT %(ticket)s + n, date, CASE WHEN kind <> 'created' THEN agent END, kind, old, new, 1, 1, date, date
  FROM bench_thread
  JOIN res_users ON res_users.id = agent JOIN res_partner ON res_partner.id = res_users.partner_id,
       LATERAL (VALUES ('created', created, NULL, 'email'), ('owner_id', answered, NULL, res_partner.name),
                       ('state', later, 'open', state)) AS happened(kind, date, old, new)
 WHERE kind = 'created' OR (kind = 'owner_id' AND owner IS NOT NULL) OR (kind = 'state' AND state <> 'open')
 ORDER BY n""",
    "ir_attachment": """
INSERT INTO ir_attachment (name, type, res_model, res_field, res_id, company_id, store_fname, checksum, file_size,
    mimetype, create_uid, write_uid, create_date, write_date)
SELECT 'original.eml', 'binary', 'servicedesk.intake', 'raw', intake.id, desk.company_id, file.store_fname,
       file.checksum, file.file_size, file.mimetype, 1, 1, received_at, received_at
  FROM servicedesk_intake intake JOIN servicedesk_department desk ON desk.id = department_id,
       ir_attachment file
 WHERE intake.id > %(ledger)s AND file.id = %(original)s""",
}


def fill(env, first, last, people, teams):
    """Write the conversations number `first` to `last`; the caller commits."""
    threads.tell(env.cr, first, last, people, teams)
    count, before = last - first + 1, first - 1
    sequence = env.ref("servicedesk.sequence_ticket")
    original = _original(env)
    ledger = threads.reserve(env.cr, "servicedesk_intake", 2 * count)
    values = {  # ids go on where the tables end, conversations are counted from 1
        "ticket": threads.reserve(env.cr, "servicedesk_ticket", count) - before,
        "item": threads.reserve(env.cr, "servicedesk_item", 3 * count) - 3 * before,
        "intake": ledger - 2 * before, "ledger": ledger,
        "prefix": sequence.prefix or "", "padding": sequence.padding, "sequence": f"ir_sequence_{sequence.id:03d}",
        "original": original.id, "size": original.file_size, "sha256": hashlib.sha256(original.raw).hexdigest(),
    }
    for statement in INSERTS.values():
        env.cr.execute(statement, values)
    env.invalidate_all()


def _original(env):
    """The one file that all generated ledger rows show as their original."""
    raw = ("From: osoba@klient.example\nTo: podpora@severka.example\nSubject: Ukázka\n\n"
           "Dobrý den, tento text stojí za všechny vygenerované zprávy.\n").encode()
    return env["ir.attachment"].create({
        "name": "original.eml", "raw": raw, "mimetype": "message/rfc822",
        "res_model": "servicedesk.intake", "res_field": "raw", "res_id": 0})
