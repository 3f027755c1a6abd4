"""Makes SMS, calls and meetings of the threads' lines."""
from datetime import timedelta

from ..tools.sms import phone, sms_text


def prepare_vals(env, plan, item):
    """Return the values by which such an item differs from a mail; what was said is its body already."""
    return {"sms": _prepare_sms_vals, "call": _prepare_call_vals, "meeting": _prepare_meeting_vals}[item.channel](
        env, plan, item)


def _number(plan):
    return plan.contact.phone_sanitized or phone.e164(plan.contact.phone or "", "CZ") or False


def _prepare_sms_vals(env, plan, item):
    number = item.options.get("to") or _number(plan)
    vals = {"kind": "sms", "sms_text": item.text, "segment_count": sms_text.measure(item.text).segments}
    if item.kind == "<":
        return vals | {"direction": "in", "state": "received", "phone_from": number,
                       "phone_to": plan.department.sms_number}
    state = item.options.get("state", "delivered")
    return vals | {
        "direction": "out", "state": state, "phone_from": plan.department.sms_number, "phone_to": number,
        "queued_at": item.date, "sent_at": item.date if state in ("sent", "delivered") else False,
        "failure_reason": item.options.get("reason"),
        "sms_ids": [(0, 0, {
            "gateway_id": plan.department.sms_gateway_id.id, "number": number, "name": plan.contact.name,
            "sender": plan.department.sms_number, "text": item.text, "state": state, "sent_at": item.date,
            "reason": item.options.get("reason"),
        })],
    }


def _prepare_call_vals(env, plan, item):
    return _prepare_talk_vals(item) | {
        "kind": "call", "direction": "in" if item.kind == "<" else "out", "call_result": item.options["call"],
        "phone_number": _number(plan), "person_id": plan.contact.id, "author_user_id": item.user.id,
    }


def _prepare_meeting_vals(env, plan, item):
    names = [name.strip() for name in item.options.get("with", plan.contact.name).split(",")]
    people = env["res.partner"].search([("name", "in", names), ("parent_id", "child_of", plan.client.ids)])
    return _prepare_talk_vals(item) | {
        "kind": "meeting", "direction": "out", "location": item.options["meeting"],
        "participant_ids": [(6, 0, (people | item.user.partner_id).ids)],
    }


def _prepare_talk_vals(item):
    lasted = timedelta(minutes=float(item.options.get("for", 5)))
    return {"state": "done", "started_at": item.date, "duration": round(lasted.total_seconds())}
