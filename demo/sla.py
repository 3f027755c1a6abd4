"""Sets the clocks of the demo's open tickets going, so that some run, some are at risk and a few are late."""
from odoo import fields
from odoo.fields import Domain

AGO = (0.5, 1, 3.4, 0.25, 1.5, 2, 0.75, 2.5, 1.25, 5, 0.5, 3)  # working hours since the clocks started, in turns


def start(env):
    """Give two departments their default, and start the clocks of what is not closed; first answers count."""
    support = env.ref("servicedesk.department_podpora")
    (support | env.ref("servicedesk.department_servery")).sla_policy_id = env.ref("servicedesk.sla_standard")
    support.step_ids = [(0, 0, {"trigger": "breach", "delay": 30, "recipient": "manager"})]
    Clock = env["servicedesk.sla.clock"]
    now = fields.Datetime.now()
    tickets = env["servicedesk.ticket"].search([("state", "in", ("open", "waiting"))], order="id")
    answers = dict(env["servicedesk.item"]._read_group(
        Domain("ticket_id", "in", tickets.ids) & Domain("direction", "=", "out") & Domain("author_user_id", "!=", False)
        & Domain("state", "in", ("sent", "delivered")), ["ticket_id"], ["date:min"]))
    for number, ticket in enumerate(tickets):
        work = ticket.department_id._get_sla_work_time()
        begun = work.add(now, -round(AGO[number % len(AGO)] * 3600)) or now
        Clock._start(ticket, max(begun, ticket.create_date.replace(microsecond=0)))
        if ticket in answers:
            Clock._respond(ticket, max(answers[ticket], ticket.sla_clock_ids[:1].started_at or now))
