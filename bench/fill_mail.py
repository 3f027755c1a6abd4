"""Generated messages of Odoo's own documents: the floor and the peer keep what was said in `mail.message`."""
from . import threads

MESSAGES = """
INSERT INTO mail_message (id, model, res_id, message_type, subtype_id, author_id, email_from, subject, body,
    message_id, parent_id, date, is_internal, email_add_signature, record_company_id, create_uid, write_uid,
    create_date, write_date)
SELECT %(message)s + 3 * n - 2 + part, %(model)s, %(ticket)s + n, message_type,
       CASE WHEN message_type = 'comment' AND part = 2 THEN %(note)s ELSE %(comment)s END,
       CASE WHEN message_type = 'email' THEN contact ELSE res_users.partner_id END,
       CASE WHEN message_type = 'email' THEN contact_name || ' <' || contact_email || '>' ELSE agent_partner.email END,
       subject, body, sign || %(ticket)s + n || '@klient.example>',
       CASE WHEN part > 0 THEN %(message)s + 3 * n - 2 END, said.date, message_type = 'comment' AND part = 2, true, 1,
       1, 1, said.date, said.date
  FROM bench_thread
  JOIN res_users ON res_users.id = agent JOIN res_partner agent_partner ON agent_partner.id = res_users.partner_id,
       LATERAL (VALUES (0, 'email', created, question, '<q'), (1, 'comment', answered, answer, '<a'),
                       (2, CASE WHEN noted THEN 'comment' ELSE 'email' END, later, '<p>' || last_words || '</p>', '<r')
               ) AS said(part, message_type, date, body, sign)
 ORDER BY n, part"""
NOTIFICATIONS = """
INSERT INTO mail_notification (mail_message_id, author_id, res_partner_id, notification_type, notification_status,
    is_read, read_date)
SELECT %(message)s + 3 * n - 1, res_users.partner_id, contact, 'email', 'sent', true, answered
  FROM bench_thread JOIN res_users ON res_users.id = agent"""
# Who has been answered follows; this is also what lets customers into the peer's portal.
FOLLOWERS = """
WITH follower AS (
    INSERT INTO mail_followers (res_model, res_id, partner_id)
    SELECT %(model)s, %(ticket)s + n, contact FROM bench_thread RETURNING id)
INSERT INTO mail_followers_mail_message_subtype_rel (mail_followers_id, mail_message_subtype_id)
SELECT id, %(comment)s FROM follower"""


def fill(env, model, documents, first, last, people, teams, **values):
    """Write the conversations number `first` to `last` about documents of `model`; the caller commits.

    :param documents: INSERT … SELECT of the documents themselves, ids `%(ticket)s + n`; `values` are more parameters
    """
    threads.tell(env.cr, first, last, people, teams)
    count, before = last - first + 1, first - 1
    values |= {
        "ticket": threads.reserve(env.cr, env[model]._table, count) - before,
        "message": threads.reserve(env.cr, "mail_message", 3 * count) - 3 * before,
        "model": model, "comment": env.ref("mail.mt_comment").id, "note": env.ref("mail.mt_note").id,
    }
    for statement in (documents, MESSAGES, NOTIFICATIONS, FOLLOWERS):
        env.cr.execute(statement, values)
    env.invalidate_all()
