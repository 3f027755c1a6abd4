"""Real SMS servers on loopback: Kannel (bearerbox, smsbox), and a message centre of our own that it speaks SMPP with.

Nothing leaves the machine: the message centre answers as its docstring says, by the last digits of a number.
"""
import json
import shutil
import socket
import string
import sys
from pathlib import Path

from .ports import free_port, pick, port
from .processes import Server
from .settings import LOG, ROOT
from .shell import SetupError, port_open, wait_until
from .system import server_folder

PASSWORD = "secret"
SECRET = "kannel-calls"
NUMBERS = ("+420910000001", "+420910000002", "+420910000003", "+420910000004")
TEMPLATE = Path(__file__).with_name("sms") / "kannel.conf"
PORTS = ("admin", "box", "sendsms", "smpp", "control")


def available():
    """Whether Kannel is installed; the set-up has said how to get it."""
    return bool(shutil.which("bearerbox") and shutil.which("smsbox"))


class SmsServers:
    """`start(inbound)`, `stop()`; `bring_in()` lets an SMS come, `submitted()` lists those that left."""

    def __init__(self, name, ports=None):
        """`ports`: {name: number}; free ones, new each time, when not given."""
        self.name, self.ports = name, ports or _pick_all()
        self.folder = server_folder(f"sms-{name}")
        self.centre = Server(f"smsc-{name}", LOG / f"smsc-{name}.log")
        self.bearerbox = Server(f"bearerbox-{name}", LOG / f"bearerbox-{name}.log")
        self.smsbox = Server(f"smsbox-{name}", LOG / f"smsbox-{name}.log")

    @property
    def sendsms(self):
        return f"http://127.0.0.1:{self.ports['sendsms']}/cgi-bin/sendsms"

    def start(self, inbound):
        """Start all three; `inbound` is Odoo's address for received SMS, without parameters."""
        self.folder.joinpath("spool").mkdir(parents=True, exist_ok=True)
        # Kannel makes a header of what stands before the host: the secret is in no access log.
        query = "?from=%p&to=%P&text=%a&id=%I&charset=%C&ts=%T"
        inbound = inbound.replace("://", f"://sms:{SECRET}@", 1) + query
        values = {"folder": self.folder, "password": PASSWORD, "inbound": inbound, **self.ports}
        self.folder.joinpath("kannel.conf").write_text(string.Template(TEMPLATE.read_text()).substitute(values))
        self.centre.start([sys.executable, "-m", "dev.smsc", self.ports["smpp"], self.ports["control"]], cwd=ROOT)
        self._wait("smpp", self.centre)
        self.start_kannel()
        return self

    def start_kannel(self):
        for server, name in ((self.bearerbox, "box"), (self.smsbox, "sendsms")):
            word = server.name.partition("-")[0]
            server.start([word, "-v", "4", self.folder / "kannel.conf"], cwd=self.folder)
            self._wait(name, server)
        wait_until(lambda: self._ask({"do": "ready"}) == ["yes"], 20, "Kannel is connected to the message centre")

    def stop_kannel(self):
        self.smsbox.stop()
        self.bearerbox.stop()

    def stop(self):
        self.stop_kannel()
        self.centre.stop()

    def remove(self):
        """Stop, and forget what was stored."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def bring_in(self, sender, recipient, text):
        """Let an SMS come in through the message centre and Kannel."""
        answer = self._ask({"do": "mo", "from": sender, "to": recipient, "text": text})
        if answer != ["ok"]:
            raise SetupError(f"message centre: {answer}")

    def bring_in_many(self, messages):
        """Like `bring_in` for `(sender, recipient, text)`, over one connection."""
        orders = [{"do": "mo", "from": sender, "to": recipient, "text": text} for sender, recipient, text in messages]
        with socket.create_connection(("127.0.0.1", self.ports["control"]), 60) as control:
            stream = control.makefile("rw", encoding="utf-8")
            for order in orders:
                stream.write(json.dumps(order) + "\n")
                stream.flush()
                if stream.readline() != "ok\n":
                    raise SetupError("Kannel is not connected to the message centre")

    def submitted(self):
        """What Kannel handed to the message centre, oldest first: dicts of from, to, text, coding, header, …"""
        return [json.loads(line) for line in self._ask({"do": "log"})]

    def _ask(self, order):
        """Lines that the message centre answers to one order."""
        with socket.create_connection(("127.0.0.1", self.ports["control"]), 20) as control:
            stream = control.makefile("rw", encoding="utf-8")
            stream.write(json.dumps(order) + "\n")
            stream.flush()
            if order["do"] == "log":
                return list(iter(stream.readline, "\n"))
            return [stream.readline().strip()]

    def _wait(self, name, server):
        server.wait_for(lambda: port_open(self.ports[name]), 20, f"{server.name} listens")


def connect_sms(server, sms, departments=()):
    """Make the gateway in the database, give departments a number each, and start the servers.

    Can be repeated. Returns `{department name: number}`.
    """
    def find(model, domain):
        return server.rpc(model, "search", [domain], {"context": {"active_test": False}, "limit": 1})

    gateway = find("servicedesk.sms.gateway", [("name", "=", "Kannel")])
    values = {"name": "Kannel", "provider": "kannel", "url": sms.sendsms, "username": "odoo",
              "new_password": PASSWORD, "new_secret": SECRET, "callback_base": server.url,
              "numbers": ", ".join(NUMBERS), "active": True}
    if gateway:
        server.rpc("servicedesk.sms.gateway", "write", [gateway, values])
    else:
        gateway = [server.rpc("servicedesk.sms.gateway", "create", [values])]
    given = {}
    rows = server.rpc("servicedesk.department", "search_read", [
        [("id", "in", list(departments))] if departments else [], ["name"]], {"limit": len(NUMBERS)})
    for row, number in zip(rows, NUMBERS, strict=False):
        server.rpc("servicedesk.department", "write", [
            [row["id"]], {"sms_enabled": True, "sms_gateway_id": gateway[0], "sms_number": number}])
        given[row["name"]] = number
    [urls] = server.rpc("servicedesk.sms.gateway", "read", [gateway, ["inbound_url"]])
    sms.start(urls["inbound_url"])
    return given


def demo():
    """The SMS servers of `make run`, what an interrupted run left of them ended; ports remembered."""
    SmsServers("run", {name: port(f"sms-{name}") for name in PORTS}).stop()
    return SmsServers("run", {name: free_port(f"sms-{name}") for name in PORTS})


def _pick_all():
    numbers = set()
    while len(numbers) < len(PORTS):
        numbers.add(pick(numbers))
    return dict(zip(PORTS, sorted(numbers), strict=True))
