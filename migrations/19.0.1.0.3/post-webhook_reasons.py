"""Why a call of an SMS gateway was rejected was stored in English; now it is a code, told in the reader's language."""
import json

from odoo.tools import SQL

CODES = {
    "wrong X-Twilio-Signature": "webhook_signature_wrong",
    "no X-Twilio-Signature": "webhook_not_signed",
    "no sender or no text": "webhook_empty",
    "wrong signature": "webhook_signature_wrong",
    "wrong secret": "webhook_secret_wrong",
    "not signed": "webhook_not_signed",
    "older than five minutes": "webhook_late",
    "replayed": "webhook_replayed",
}


def migrate(cr, _version):
    for words, code in CODES.items():
        cr.execute(SQL("UPDATE servicedesk_sms_refusal SET reason = %s WHERE reason = %s",
                       json.dumps([{"code": code, "values": {}}]), words))
