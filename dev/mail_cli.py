"""`make mail FROM=… TO=… SUBJECT=… [BODY=…] [FILE=…]`: one mail through the real servers of the running demo."""
import email.utils
import json
import mimetypes
import os
import smtplib
import sys
from email.message import EmailMessage
from pathlib import Path

from .serve import STATE
from .shell import SetupError, say


def mail(_options):
    """Deliver it by SMTP, and let Odoo fetch at once. Values come in the environment, so that any text is possible."""
    values = {name: os.environ.get(f"MAIL_{name}", "") for name in ("FROM", "TO", "SUBJECT", "BODY", "FILE")}
    missing = [name for name in ("FROM", "TO", "SUBJECT") if not values[name]]
    if missing:
        raise SetupError(f"missing: {', '.join(f'{name}=…' for name in missing)}")
    if not STATE.exists():
        raise SetupError("the demo is not running: make run")
    demo = json.loads(STATE.read_text())
    with smtplib.SMTP("127.0.0.1", demo["smtp"], timeout=30) as smtp:
        smtp.send_message(_message(values))
    say(f"delivered to {values['TO']}")
    _fetch(demo)


def _message(values):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = values["FROM"], values["TO"], values["SUBJECT"]
    message["Date"] = email.utils.localtime()
    message["Message-Id"] = email.utils.make_msgid(domain="make-mail.example")
    message.set_content(values["BODY"] or values["SUBJECT"])
    if values["FILE"]:
        path = Path(values["FILE"]).expanduser()
        if not path.is_file():
            raise SetupError(f"FILE={path}: there is no such file")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        main, _, sub = kind.partition("/")
        message.add_attachment(path.read_bytes(), maintype=main, subtype=sub, filename=path.name)
    return message


def _fetch(demo):
    from .odoo_server import OdooServer, RpcError

    server = OdooServer(None, demo["database"], "odoo-run", int(demo["url"].rpartition(":")[2]))
    try:
        server.run_cron("mail.ir_cron_mail_gateway_action")
        say(f"Odoo has fetched its mail: {demo['url']}")
    except (OSError, RpcError, LookupError) as error:
        print(f"Odoo will fetch it with its next round ({error})", file=sys.stderr)
