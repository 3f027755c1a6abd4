"""The floor: a document of `test_mail` with a name, a sender, a person and an alias, and nothing else."""
from .desk import DEPARTMENTS
from .desk_mail import MailDesk

STATES = ("open", "waiting", "closed", "archived")


class Floor(MailDesk):
    model = "mail.test.gateway"
    # It has no department: the person stands in for it, `custom_field` for the state.
    documents = """
INSERT INTO mail_test_gateway (id, name, email_from, email_normalized, custom_field, user_id, create_uid, write_uid,
    create_date, write_date)
SELECT %(ticket)s + n, subject, contact_name || ' <' || contact_email || '>', contact_email, state, agent, 1, 1,
       created, later
  FROM bench_thread ORDER BY n"""

    def create_departments(self, env, agents):
        self.set_mail_domain(env)
        env["mail.alias"].create([{
            "alias_name": f"oddeleni{number}", "alias_model_id": env["ir.model"]._get_id(self.model),
            "alias_defaults": repr({"user_id": agents[number % len(agents)].id, "custom_field": "open"}),
            "alias_contact": "everyone"} for number in range(DEPARTMENTS)])
        env["ir.rule"].create({
            "name": "own", "model_id": env["ir.model"]._get_id(self.model),
            "groups": [(4, env.ref("base.group_user").id)], "domain_force": "[('user_id', '=', user.id)]"})
        administrators = env.ref("base.group_system")
        env["ir.rule"].create({
            "name": "all", "model_id": env["ir.model"]._get_id(self.model), "groups": [(4, administrators.id)],
            "domain_force": "[(1, '=', 1)]"})

    def teams(self, env):
        agents = env["res.users"].search([("login", "=like", "agent%")], order="id").ids
        return {number: [agents[number % len(agents)]] for number in range(DEPARTMENTS)}

    def specification(self, env, kind):
        return {"name": {}, "email_from": {}, "custom_field": {}, "user_id": {"fields": {"display_name": {}}}}

    def progress_bar(self, env):
        return "custom_field", {"field": "user_id", "colors": dict.fromkeys(STATES, "success")}

    def active(self):
        return [("custom_field", "in", ("open", "waiting"))]

    def word(self, text):
        return [("name", "ilike", text)]

    def ticket_vals(self, number):
        _person, _client, name, email = self.people[number % len(self.people)]
        return {"name": f"Žádost {number}", "email_from": f"{name} <{email}>", "custom_field": "open",
                "user_id": self.agent}
