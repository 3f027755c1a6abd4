"""`python -m bench.worker COMMAND SYSTEM SIZE -- <Odoo's options>`: one system, one Odoo.

COMMAND is grow, seed, measure, burst, assign or escalate.

Results leave as one JSON object a line on standard output; Odoo's log goes to standard error.
"""
import importlib
import json
import sys
import time

import psycopg2
from werkzeug.test import Client

from odoo import SUPERUSER_ID, api, http, sql_db
from odoo.modules.registry import Registry
from odoo.service import security, server
from odoo.tools import config

from .clock import Clock

DESKS = {"servicedesk": "Servicedesk", "floor": "Floor", "helpdesk": "Helpdesk"}
OPERATIONS = ("list_default", "list_all", "list_agent", "kanban_active", "kanban_all", "open", "find_rare",
              "find_common", "count_clients", "portal", "portal_ticket", "create_one", "create_100", "new_mail",
              "reply", "answer", "close_1000", "assign_1000", "department_1000", "deadlines_1000", "merge_50",
              "full_new_mail", "full_answer", "full_close_1000", "full_state_1000", "full_department_1000",
              "full_merge_50")


def main(command, system, size, options):
    config.parse_config(options, setup_logging=True)
    server.start(preload=[], stop=True)
    registry = Registry(config["db_name"][0])
    desk = getattr(importlib.import_module(f"bench.desk_{system}"), DESKS[system])(registry)
    if command in ("grow", "seed"):
        grow(registry, desk, size, seed=command == "seed")
    elif command == "measure":
        measure(registry, desk)
    elif command == "escalate":
        escalate(registry, desk, size)
    elif command == "assign":
        assign(registry, desk, size)
    else:
        burst(registry, desk, size)


def tell(**values):
    print(json.dumps(values), flush=True)


def grow(registry, desk, size, seed=False):
    """Bring a database to `size` tickets, or (`seed`) add as many to what is there; with fresh statistics."""
    started = time.perf_counter()
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if seed:
            size += env[desk.model].search_count([])
        elif not env["res.users"].search_count([("login", "=", "agent0")]):
            desk.prepare(env)
        desk.grow(env, size)
        cr.commit()
        vacuum(cr.dbname)
        cr.execute("SELECT pg_database_size(current_database())")
        tell(seconds=time.perf_counter() - started, bytes=cr.fetchone()[0], tickets=env[desk.model].search_count([]))


def vacuum(database):
    """What autovacuum would do within minutes of an import."""
    _name, parameters = sql_db.connection_info_for(database)
    connection = psycopg2.connect(**parameters)
    connection.autocommit = True
    connection.cursor().execute("VACUUM (ANALYZE)")
    connection.close()


def measure(registry, desk):
    """Tell which operations there are, then do one for each line `operation number` on standard input."""
    look_up(registry, desk)
    if desk.portal_path:
        desk.customer, desk.shown = sign_in(registry, desk.model)
    clock = Clock(registry)
    missing = {"count_clients": not desk.counters, "portal": not desk.portal_path,
               "portal_ticket": not desk.portal_path, "close_1000": not desk.closing,
               "assign_1000": not desk.owner_field, "department_1000": not desk.department_field}
    tell(operations=[name for name in OPERATIONS if hasattr(desk, name) and not missing.get(name)])
    for line in sys.stdin:
        name, number = line.split()
        if name.startswith("full_") and not desk.full:
            desk.switch_on()
        clock.reset()
        getattr(desk, name)(clock, int(number))
        tell(ms=clock.seconds * 1000, queries=clock.queries)
    if desk.full:
        desk.switch_off()


def escalate(registry, desk, count):
    """Let the deadlines of `count` new tickets pass in the same minute, and one worker deal with all of them."""
    look_up(registry, desk)
    clock = Clock(registry)
    desk.prepare_escalation(clock, count)
    clock.reset()
    batches = desk.escalate(clock)
    tell(seconds=clock.seconds, queries=clock.queries, batches=batches, count=count)


def assign(registry, desk, count):
    """Let one worker give `count` new tickets their owners."""
    look_up(registry, desk)
    clock = Clock(registry)
    desk.prepare_assignment(clock, count)
    clock.reset()
    seconds, queries, batches = desk.assign(clock)
    tell(seconds=seconds, queries=queries, batches=batches, count=count)


def look_up(registry, desk):
    with registry.cursor() as cr:
        desk.find(api.Environment(cr, SUPERUSER_ID, {}))


def sign_in(registry, model):
    """A web client, without a network, signed in as a customer who may see the company's requests, and one of these."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        person = env["res.partner"].search([("parent_id.ref", "=", "bench-0")], order="id", limit=1)
        user = person.user_ids or env["res.users"].with_context(no_reset_password=True).create({
            "name": person.name, "login": "customer", "partner_id": person.id,
            "group_ids": [(6, 0, [env.ref("base.group_portal").id])]})
        if "servicedesk_sees_company" in person._fields:
            person.servicedesk_sees_company = True
        session = http.root.session_store.new()
        session.update(http.get_default_session(), db=cr.dbname, uid=user.id, login=user.login, _trace_disable=True)
        session.context = dict(env(user=user.id)["res.users"].context_get())
        session.session_token = security.compute_session_token(session, env(user=user.id))
        ticket = env[model].search([("partner_id", "in", (person.id, person.parent_id.id))], limit=1).id
        cr.commit()
    http.root.session_store.save(session)
    client = Client(http.root)
    client.set_cookie("session_id", session.sid)
    return client, ticket


def burst(registry, desk, count):
    """Warm up, say so, wait for a line on standard input, then take in `count` new mails."""
    look_up(registry, desk)
    clock = Clock(registry)
    desk.mails = desk.token % 100_000  # other senders than the other process has
    desk.take_burst(clock, 5)
    tell(ready=True)
    sys.stdin.readline()
    started = time.time()
    desk.take_burst(clock, count)
    tell(started=started, ended=time.time(), collisions=desk.collisions)


if __name__ == "__main__":
    words = sys.argv[1:]
    main(words[0], words[1], int(words[2]), words[4:])
