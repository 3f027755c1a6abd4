"""`make run`, `make shell`, and the bare set-up."""
import fcntl
import json
import signal
import subprocess
import time

from . import database, mailservers, postgres, smsservers
from .odoo_server import OdooServer, connect_mail
from .ports import free_port
from .processes import Server
from .settings import CONF, DEV, LOG, ROOT, RUN
from .setup import prepare
from .shell import SetupError, note, port_free, say

STATE = RUN / "demo.json"  # where the running demo is, for `make mail`
LOGINS = ROOT / "demo" / "logins.txt"  # login, password, role, separated by tabs
FIRST_PORT = 8069


def run(options):
    """Odoo with demo data and mail servers in the foreground, until ^C, SIGTERM or the end of Odoo."""
    wanted = options.get("PORT")
    environment = prepare()
    with (DEV / "run.lock").open("a") as only_one:
        try:
            fcntl.flock(only_one, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SetupError(f"the demo of this checkout runs already: {_address() or 'it is starting'}") from None
        Server("odoo-run", LOG / "odoo-run.log").stop()  # left by a run that was killed
        with postgres.in_use():
            name = database.demo(environment.venv)
            mail = mailservers.demo(environment.python)
            sms = smsservers.demo() if smsservers.available() else None
            server = None
            try:
                say(f"starting {mail.kind}")
                mail.start()
                say("starting Odoo")
                server = _start_odoo(environment.venv, name, wanted, mail)
                addresses = connect_mail(server, mail)
                numbers = smsservers.connect_sms(server, sms) if sms else {}
                STATE.write_text(json.dumps({"url": server.url, "database": name, "smtp": mail.smtp,
                                             "sms": sms.ports if sms else None, "numbers": list(numbers.values())}))
                _tell(server, mail, addresses, numbers)
                while server.running():
                    time.sleep(0.5)
                raise SetupError(f"Odoo ended by itself; log: {server.log}")
            except KeyboardInterrupt:
                print(flush=True)
                say("stopping Odoo, mail and SMS servers and PostgreSQL")
            finally:
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)  # the rest takes seconds and has limits of its own
                STATE.unlink(missing_ok=True)
                if server:
                    server.stop()
                if sms:
                    sms.stop()
                mail.stop()


def _start_odoo(venv, name, wanted, mail):
    """The demo's Odoo; the next port is tried when another program was faster to take one."""
    for attempt in range(5):
        port = _port(wanted)
        server = OdooServer(venv, name, "odoo-run", port, free_port("gevent"), mail.smtp, crons=2)
        try:
            return server.start()
        except BaseException as error:
            server.stop()
            if wanted or attempt == 4 or port_free(port) or not isinstance(error, SetupError):
                raise
    return None


def _port(wanted):
    """PORT= as given, or 8069, or the next free one above."""
    if wanted:
        if not wanted.isdigit() or not port_free(int(wanted)):
            raise SetupError(f"PORT={wanted} is not free")
        return int(wanted)
    return next(number for number in range(FIRST_PORT, FIRST_PORT + 1000) if port_free(number))


def _address():
    return json.loads(STATE.read_text())["url"] if STATE.exists() else None


def _tell(server, mail, addresses, numbers):
    say(f"ready: {server.url}")
    accounts = [("admin", "admin", "administrator")]
    if LOGINS.exists():
        accounts += [line.split("\t") for line in LOGINS.read_text().splitlines() if line.count("\t") >= 2]
    width = max(len(account[0]) for account in accounts)
    for login, password, role in (account[:3] for account in accounts):
        note(f"{login:<{width}}  {password:<10}  {role}")
    if addresses:
        note("")
        note("Write to a department, and see the ticket:")
        note(f'make mail FROM=me@client.example TO={addresses[0]} SUBJECT="Hello" [BODY=…] [FILE=…]')
    for number in list(numbers.values())[:1]:
        note(f'make sms FROM=602123456 TO={number} TEXT="Hello"')
    note("")
    note(f"mail: SMTP {mail.smtp}, IMAP {mail.imap}, POP3 {mail.pop3} on 127.0.0.1; any user, password {mail.password}")
    note(f"log: {server.log}")
    note("^C stops everything")


def shell(_options):
    """Odoo's shell on the demo database; `env` is there, and `env.cr.commit()` keeps changes."""
    environment = prepare()
    with postgres.in_use():
        name = database.demo(environment.venv)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        command = database.odoo_command(environment.venv, "shell", "-c", CONF, "-d", name, "--no-http")
        return subprocess.call(
            [str(word) for word in command],
            cwd=DEV, env=postgres.environment(), preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))


def setup(_options):
    """Odoo, virtual environment, links, and a look at PostgreSQL."""
    prepare()
    with postgres.in_use():
        say("ready")


def keep(options):
    """`python3 -m dev keep start|stop`: PostgreSQL stays up between commands until `stop`."""
    if options.get("start"):
        prepare()
        postgres.KEEP.touch()
        postgres.server().start()
        say("PostgreSQL runs: " + " ".join(f"{key}={value}" for key, value in postgres.server().environment.items()))
    elif options.get("stop"):
        postgres.KEEP.unlink(missing_ok=True)
        with postgres.in_use():
            say("PostgreSQL stops with its last user")
    else:
        raise SetupError("say start or stop")
