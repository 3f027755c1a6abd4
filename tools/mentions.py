"""Who is meant by "@…" in a note: elements that name a record, as Odoo's own mentions do."""

import re

from .mail import mail_text

MODELS = ("res.users", "servicedesk.department")


def parse(body):
    """Return ``{model: [ids]}`` of the people and departments that a text mentions, each once, in order.

    ``parse('<p><span data-oe-model="res.users" data-oe-id="7">@Petr</span></p>')`` → ``{"res.users": [7], …}``.
    What stands in a quoted text was addressed by somebody else and counts for nothing.
    """
    found = {model: [] for model in MODELS}
    if "data-oe-model" not in str(body or ""):
        return found
    tree = mail_text.parse(body)
    if tree is None:
        return found
    for element in tree.iterfind(".//*[@data-oe-model]"):
        model, record_id = element.get("data-oe-model"), element.get("data-oe-id") or ""
        quoted = any(parent.tag == "blockquote" for parent in element.iterancestors())
        if model in found and not quoted and re.fullmatch(r"[0-9]{1,9}", record_id):
            found[model].append(int(record_id))
    return {model: list(dict.fromkeys(ids)) for model, ids in found.items()}
