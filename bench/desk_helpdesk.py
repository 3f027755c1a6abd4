"""The peer: OCA's helpdesk_mgmt."""
from .desk import DEPARTMENTS
from .desk_mail import MailDesk


class Helpdesk(MailDesk):
    model = "helpdesk.ticket"
    counters = ["helpdesk_ticket_count", "helpdesk_ticket_active_count"]
    portal_path = "/my/tickets"
    portal_ticket_path = "/my/ticket/{}"
    department_field, owner_field = "team_id", "user_id"
    documents = """
INSERT INTO helpdesk_ticket (id, number, name, description, team_id, user_id, stage_id, priority, partner_id,
    commercial_partner_id, partner_name, partner_email, company_id, last_stage_update, assigned_date, closed_date,
    unattended, channel_id, sequence, active, create_uid, write_uid, create_date, write_date)
SELECT %(ticket)s + n, pg_temp.numbered('HT', nextval(%(sequence)s), 5), subject, question, department, owner,
       CASE state WHEN 'open' THEN CASE WHEN owner IS NULL THEN %(new)s ELSE %(progress)s END
                  WHEN 'waiting' THEN %(awaiting)s ELSE %(done)s END,
       priority, contact, client, contact_name, contact_email, 1, later, CASE WHEN owner IS NOT NULL THEN answered END,
       CASE WHEN state IN ('closed', 'archived') THEN later END, state = 'open' AND owner IS NULL, %(channel)s, 10,
       true, 1, 1, created, later
  FROM bench_thread ORDER BY n"""

    def agent_groups(self):
        return "helpdesk_mgmt.group_helpdesk_user_team"

    def create_departments(self, env, agents):
        self.set_mail_domain(env)
        env["helpdesk.ticket.team"].create([
            {"name": f"Oddělení {number}", "alias_name": f"oddeleni{number}",
             "user_ids": [(4, agents[number % len(agents)].id)]} for number in range(DEPARTMENTS)])

    def teams(self, env):
        return {team.id: team.user_ids.ids for team in env["helpdesk.ticket.team"].search([], order="id")}

    def find(self, env):
        super().find(env)
        self.closing = {"stage_id": env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done").id}

    def fill_values(self, env):
        sequence = env.ref("helpdesk_mgmt.helpdesk_ticket_sequence")
        stages = {name: env.ref(f"helpdesk_mgmt.helpdesk_ticket_stage_{stage}").id for name, stage in (
            ("new", "new"), ("progress", "in_progress"), ("awaiting", "awaiting"), ("done", "done"))}
        return stages | {"channel": env.ref("helpdesk_mgmt.helpdesk_ticket_channel_email").id,
                         "sequence": f"ir_sequence_{sequence.id:03d}"}

    def active(self):
        return [("closed", "=", False)]

    def word(self, text):
        return ["|", ("number", "ilike", text), ("name", "ilike", text)]

    def ticket_vals(self, number):
        person = self.people[number % len(self.people)][0]
        return {"name": f"Žádost {number}", "description": "<p>…</p>", "partner_id": person,
                "team_id": self.departments[number % DEPARTMENTS]}
