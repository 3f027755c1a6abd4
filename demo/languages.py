"""Lets the demo speak as its people do, where Czech and Slovak are installed (`make run` installs them)."""

AGENTS = {"user_ema": "cs_CZ", "user_jakub": "sk_SK"}
CUSTOMERS = "cs_CZ"


def speak(env):
    """Write to the customers in Czech; two of the agents work in Czech and Slovak, the others in English."""
    installed = dict(env["res.lang"].get_installed())
    if CUSTOMERS in installed:
        names = env["ir.model.data"].search([("module", "=", "servicedesk"), ("model", "=", "res.partner")])
        people = env["res.partner"].browse(names.mapped("res_id"))  # the agents' own contacts are among them
        people.filtered(lambda person: all(person.user_ids.mapped("share"))).lang = CUSTOMERS
    # Loading languages makes the first of them everybody's.
    env["res.users"].search([("share", "=", False)]).lang = "en_US"
    for name, language in AGENTS.items():
        if language in installed:
            env.ref(f"servicedesk.{name}").lang = language
