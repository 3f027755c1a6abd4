"""The table of who may do what: one line per model, compared with what happens by ``test_access.py``.

A line says for each operation which user reaches which sample records (``access_world.py`` makes them). Users who are
not named reach nothing; employees without a role, customers and the public reach nothing anywhere and are in no line.
"""

AGENTS = ("own", "specialist", "supervisor", "administrator", "other department", "chosen clients",
          "substitute before", "substitute during", "substitute after")
ABROAD = "other company"

# Records that hang on a ticket: "mine" is the specialist's ticket of the chosen client, "free" an unassigned one of
# another client in the same department, "foreign" one in a department of another company.
TICKETS = {
    "own": "free",
    "specialist": "mine free",
    "supervisor": "mine free",
    "administrator": "mine free",
    "chosen clients": "mine",
    "substitute during": "mine",
    ABROAD: "foreign",
}
# The ledger: only whoever sees all of a department.
LEDGER = {"specialist": "mine free", "supervisor": "mine free", "administrator": "mine free", ABROAD: "foreign"}
# Deleting is a switch of the membership, here the supervisor's.
DELETERS = {"supervisor": "mine free", "administrator": "mine free"}
# Notices are their addressee's.
ADDRESSEES = {"specialist": "mine", "own": "free", ABROAD: "foreign"}

# Settings: "ours" belongs to the company of all but one, "theirs" to the other company, "shared" to nobody.
OURS = {**dict.fromkeys(AGENTS, "ours"), ABROAD: "theirs"}
OURS_AND_SHARED = {**dict.fromkeys(AGENTS, "ours shared"), ABROAD: "theirs shared"}
# Who works for some clients only has nothing to do with the files of others.
FILES = {role: places for role, places in OURS_AND_SHARED.items() if role != "chosen clients"}
SHARED = dict.fromkeys((*AGENTS, ABROAD), "shared")
ADMINISTRATOR = {"administrator": "ours"}
BANNERS = {"supervisor": "ours", "administrator": "ours"}
# One arranges one's own absence.
ABSENT = {"specialist": "ours", "administrator": "ours", ABROAD: "theirs"}
# Templates of a department are its members', its supervisors write them.
TEMPLATES = {
    **dict.fromkeys(AGENTS, "shared"),
    **dict.fromkeys(("own", "specialist", "supervisor", "administrator", "chosen clients",
                     "substitute during"), "ours shared"),
    ABROAD: "theirs shared",
}


def line(read, write=None, create=None, unlink=None):
    return {"read": read, "write": write or {}, "create": create or {}, "unlink": unlink or {}}


def administered(shared=False):
    """Return the line of a setting: agents of the company read it, its administrators change it."""
    if shared:
        everything = {"administrator": "ours shared"}
        return line(OURS_AND_SHARED, everything, everything, everything)
    return line(OURS, ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR)


MATRIX = {
    "servicedesk.access.link": line({"administrator": "ours shared"}),
    "servicedesk.address.claim": line(OURS_AND_SHARED),
    # Agents change those of customers of whom they see a ticket: test_ended.py.
    "servicedesk.address": administered(shared=True),
    "servicedesk.ban": line(OURS, BANNERS, BANNERS, BANNERS),
    "servicedesk.category": administered(shared=True),
    "servicedesk.change": line({}),  # the raw values behind the history: the system's alone
    "servicedesk.client.file": line(FILES, FILES, FILES, {"administrator": "ours shared"}),
    "servicedesk.department": administered(),
    "servicedesk.escalation": line(TICKETS),
    "servicedesk.escalation.step": administered(),
    "servicedesk.event": line(TICKETS),
    "servicedesk.intake": line(LEDGER),
    "servicedesk.item": line(TICKETS, TICKETS, TICKETS, DELETERS),
    "servicedesk.macro": administered(shared=True),
    "servicedesk.membership": administered(),
    "servicedesk.merge": line(TICKETS),
    "servicedesk.notice": line(ADDRESSEES),
    "servicedesk.notice.setting": line(*[{"specialist": "mine", "administrator": "mine ours"}] * 4),
    "servicedesk.portal.use": line({}),  # who sent what from where: the system's alone, for a day
    "servicedesk.queue.mark": line({"administrator": "shared"}),
    "servicedesk.read": line(TICKETS),
    "servicedesk.requester.message": administered(),
    "servicedesk.rule": line(*[ADMINISTRATOR] * 4),
    "servicedesk.rule.hit": line(ADMINISTRATOR),
    "servicedesk.service": administered(),
    "servicedesk.sla.clock": line(TICKETS),
    "servicedesk.sla.policy": administered(),
    "servicedesk.sms": line(TICKETS),
    "servicedesk.sms.gateway": administered(),
    "servicedesk.sms.refusal": line(ADMINISTRATOR),
    "servicedesk.sms.report": line(ADMINISTRATOR),
    "servicedesk.status": administered(shared=True),
    "servicedesk.step": administered(shared=True),
    "servicedesk.substitution": line(OURS, ABSENT, ABSENT, ADMINISTRATOR),
    "servicedesk.tag": line(SHARED, *[{"administrator": "shared"}] * 3),
    "servicedesk.team": administered(),
    "servicedesk.template": line(TEMPLATES, *[{"supervisor": "ours", "administrator": "ours shared"}] * 3),
    "servicedesk.ticket": line(TICKETS, TICKETS, TICKETS, DELETERS),
}

# Limited edit: on which tickets who may change what goes beyond working on them (``models/people/ticket.py``).
OWN_WORK = {
    "own": "free",
    "specialist": "mine free",
    "supervisor": "mine free",
    "administrator": "mine free",
    "substitute during": "mine",
    ABROAD: "foreign",
}
LIMITED = {
    "owner_id": OWN_WORK,
    "team_id": OWN_WORK,
    "department_id": OWN_WORK,
    "manual_deadline": {"supervisor": "mine free", "administrator": "mine free"},
}
# What everybody changes who sees the ticket.
WORK = ("subject", "priority", "state", "category_id", "tag_ids", "partner_id", "contact_email")

# Dialogs: who may open them; what one fills in is one's own, for nobody else to see.
DIALOGS = {
    "servicedesk.ban.senders": (*AGENTS, ABROAD),
    "servicedesk.change.tickets": (*AGENTS, ABROAD),
    "servicedesk.file.attachments": (*AGENTS, ABROAD),
    "servicedesk.file.attachments.line": (*AGENTS, ABROAD),
    "servicedesk.hand.over": (*AGENTS, ABROAD),
    "servicedesk.merge.tickets": (*AGENTS, ABROAD),
    "servicedesk.run.macro": (*AGENTS, ABROAD),
    "servicedesk.sms.test": ("administrator",),
    "servicedesk.split.items": (*AGENTS, ABROAD),
}
