"""Secrets of SMS gateways leave the places where people read.

An account in the address of a service moves into its own fields, which are not shown. What gateways repeated of our
secrets in their answers is taken out of what we keep of these. A gateway without a secret for its callbacks gets one,
for nothing verifies without.
"""
import json
import secrets
from urllib.parse import unquote, urlsplit, urlunsplit

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

from odoo.addons.servicedesk.tools.sms.sms_gateway import base

# Where a gateway's words are kept, and how a row is one of the gateway's.
WORDS = (
    ("servicedesk_sms_gateway", "down_reason", "id = %s"),
    ("servicedesk_sms", "reason", "gateway_id = %s"),
    ("servicedesk_sms_report", "reason", "gateway_id = %s"),
    ("servicedesk_item", "failure_reason", "id IN (SELECT item_id FROM servicedesk_sms WHERE gateway_id = %s)"),
)


def migrate(cr, _version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for gateway in env["servicedesk.sms.gateway"].with_context(active_test=False).search([]):
        if not gateway.secret:
            gateway.secret = secrets.token_urlsafe(24)
        _move_account(gateway)
        for secret in gateway._open().get_secrets():
            _forget(env, gateway, secret)
    env.invalidate_all()


def _move_account(gateway):
    """Give the account in an address its fields, where it was what signed in (RFC 3986 §3.2.1)."""
    parts = urlsplit(gateway.url or "")
    account, at, host = parts.netloc.rpartition("@")
    if not at or gateway.provider != "generic" or gateway.authentication not in ("none", "basic"):
        return
    vals = {"url": urlunsplit(parts._replace(netloc=host))}
    if gateway.authentication == "none":
        name, _colon, password = account.partition(":")
        vals |= {"authentication": "basic", "username": unquote(name), "new_password": unquote(password)}
    gateway.write(vals)


def _forget(env, gateway, secret):
    """Take a secret out of stored words, as it stands there and as JSON writes it."""
    for table, column, mine in WORDS:
        name = SQL.identifier(column)
        for written in {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}:
            env.execute_query(SQL(
                "UPDATE %(table)s SET %(name)s = replace(%(name)s, %(secret)s, %(hidden)s)"
                " WHERE %(mine)s AND strpos(%(name)s, %(secret)s) > 0 RETURNING id",
                table=SQL.identifier(table), name=name, secret=written, hidden=base.HIDDEN, mine=SQL(mine, gateway.id)))
