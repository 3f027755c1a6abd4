"""What Odoo's own documents and the peer's have in common: the gateway, `message_post` and the chatter."""
from odoo.addons.mail.tools.discuss import Store

from . import fill_mail
from .desk import Desk


class MailDesk(Desk):
    """Documents whose conversation is `mail.message`."""

    documents = None  # INSERT … SELECT of the documents, see fill_mail

    def fill(self, env, first, last, people, teams):
        fill_mail.fill(env, self.model, self.documents, first, last, people, teams, **self.fill_values(env))

    def fill_values(self, env):
        return {}

    def set_mail_domain(self, env):
        if not env["mail.alias.domain"].search_count([]):
            env["mail.alias.domain"].create({"name": "bench.example"})

    def receive(self, clock, raw):
        with clock.transaction() as env:
            env["mail.thread"].with_context(fetchmail_cron_running=True).message_process(False, raw)

    def sent(self, registry, ticket):
        with registry.cursor() as cr:
            cr.execute("""
                SELECT message.message_id, person.email
                  FROM mail_message message
                  JOIN mail_followers follower ON follower.res_model = model AND follower.res_id = message.res_id
                  JOIN res_partner person ON person.id = follower.partner_id
                 WHERE model = %s AND message.res_id = %s AND message_type = 'comment' AND NOT is_internal
              ORDER BY message.id DESC LIMIT 1""", [self.model, ticket])
            return cr.fetchone()

    def answer(self, clock, number):
        with clock.transaction(self.agent) as env:
            document = env[self.model].browse(self.answered[number])
            document.message_post(
                body="Vyřešeno.", message_type="comment", subtype_xmlid="mail.mt_comment", force_send=False,
                partner_ids=document.message_partner_ids.filtered("partner_share").ids)

    def read_history(self, clock, ticket):
        """What `/mail/thread/messages` does."""
        with clock.transaction(self.agent) as env:
            thread = env[self.model]._get_thread_with_access(ticket, mode="read")
            messages = env["mail.message"]._message_fetch(domain=None, thread=thread, limit=30)["messages"]
            messages.set_message_done()
            Store().add(messages).get_result()
