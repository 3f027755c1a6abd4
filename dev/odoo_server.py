"""A real Odoo process on a database, driven from outside by JSON-RPC (standard library only)."""
import http.cookiejar
import json
import urllib.error
import urllib.request

from . import postgres
from .database import odoo_command
from .ports import pick
from .processes import Server, listens
from .settings import CONF, DEV, LOG


class RpcError(Exception):
    """What Odoo answered instead of a result; `data` is its whole error, with traceback under "debug"."""

    def __init__(self, error):
        self.data = error.get("data") or {}
        super().__init__(f"{self.data.get('name', error.get('message'))}: {self.data.get('message', '')}")


class OdooServer:
    """Odoo on `database`; `start()`, `stop()`, `restart()`, `kill()`, `rpc()`.

    Threads serve web and crons in one process. `options` are more words for Odoo's command line.
    """

    def __init__(self, venv, database, name, http_port=None, gevent_port=None, smtp_port=None, crons=1, options=()):
        self.venv, self.database, self.options = venv, database, list(options)
        self.port = http_port or pick()
        self.gevent_port = gevent_port or pick({self.port})
        self.url = f"http://127.0.0.1:{self.port}"
        self.crons, self.smtp_port = crons, smtp_port
        self.server = Server(name, LOG / f"{name}.log")
        self.users = {}

    def command(self):
        smtp = [f"--smtp-port={self.smtp_port}"] if self.smtp_port else []
        return odoo_command(
            self.venv, "-c", CONF, "-d", self.database, f"--db-filter=^{self.database}$", "--no-database-list",
            f"--http-port={self.port}", f"--gevent-port={self.gevent_port}", f"--max-cron-threads={self.crons}",
            "--log-handler=odoo.addons.rpc.controllers.jsonrpc:ERROR", *smtp, *self.options)

    def start(self, limit=90):
        self.server.start(self.command(), cwd=DEV, env=postgres.environment())
        self.server.wait_for(self.healthy, limit, "Odoo answers")
        return self

    def healthy(self):
        """Whether our process, and no other on the same port, answers."""
        if not listens(self.pid, self.port):
            return False
        try:
            with urllib.request.urlopen(f"{self.url}/web/health?db_server_status=1", timeout=5) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def running(self):
        return self.server.running()

    @property
    def log(self):
        return self.server.log

    @property
    def pid(self):
        return self.server.process.pid

    def stop(self):
        self.server.stop()

    def kill(self):
        self.server.kill()

    def restart(self):
        self.stop()
        return self.start()

    def call(self, path, params, timeout=120):
        """Result of one JSON-RPC request to a route; RpcError with Odoo's words when it fails."""
        request = urllib.request.Request(
            self.url + path, json.dumps({"jsonrpc": "2.0", "method": "call", "params": params, "id": 1}).encode(),
            {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            reply = json.load(answer)
        if "error" in reply:
            raise RpcError(reply["error"])
        return reply.get("result")

    def _object(self, service, method, *args, timeout=120):
        return self.call("/jsonrpc", {"service": service, "method": method, "args": args}, timeout)

    def rpc(self, model, method, args=(), kwargs=None, login="admin", password=None, timeout=120):
        """Call a model's method as a user; the password is the login when none is given."""
        password = password or login
        if (login, password) not in self.users:
            uid = self._object("common", "login", self.database, login, password)
            if not uid:
                raise RpcError({"message": f"{login} cannot sign in"})
            self.users[login, password] = uid
        return self._object("object", "execute_kw", self.database, self.users[login, password], password,
                            model, method, list(args), kwargs or {}, timeout=timeout)

    def ref(self, xmlid):
        """Database id of an external id."""
        module, _, name = xmlid.partition(".")
        rows = self.rpc("ir.model.data", "search_read", [[("module", "=", module), ("name", "=", name)], ["res_id"]])
        if not rows:
            raise LookupError(xmlid)
        return rows[0]["res_id"]

    def run_cron(self, xmlid, timeout=120):
        """Run a scheduled action now, and wait for its end."""
        self.rpc("ir.cron", "method_direct_trigger", [[self.ref(xmlid)]], timeout=timeout)

    def wake_crons(self):
        """Let the cron threads look for due jobs now instead of at the next minute."""
        postgres.psql(f"NOTIFY cron_trigger, '{self.database}'")

    def session_cookie(self, login, password=None):
        """Value of the cookie `session_id` of a user who has signed in."""
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        params = {"db": self.database, "login": login, "password": password or login}
        request = urllib.request.Request(
            f"{self.url}/web/session/authenticate", json.dumps({"jsonrpc": "2.0", "params": params}).encode(),
            {"Content-Type": "application/json"})
        with opener.open(request, timeout=60) as answer:
            reply = json.load(answer)
        if "error" in reply:
            raise RpcError(reply["error"])
        return next(cookie.value for cookie in jar if cookie.name == "session_id")


def connect_mail(server, mail):
    """Point the database at our mail servers: outgoing mail, and one IMAP mailbox per department with an address.

    Can be repeated: what an earlier run left is brought up to date. Returns the departments' addresses.
    """
    def save(model, domain, values):
        found = server.rpc(model, "search", [domain], {"context": {"active_test": False}, "limit": 1})
        if found:
            server.rpc(model, "write", [found, values])
        else:
            server.rpc(model, "create", [values])

    save("ir.mail_server", [("name", "=", "Loopback")], {
        "name": "Loopback", "smtp_host": "127.0.0.1", "smtp_port": mail.smtp, "smtp_encryption": "none",
        "smtp_authentication": "login", "sequence": 1, "active": True})
    addresses = []
    wanted = [[("email", "!=", False)], ["name", "email"]]
    for department in server.rpc("servicedesk.department", "search_read", wanted):
        save("fetchmail.server", [("department_id", "=", department["id"])], {
            "name": department["name"], "server_type": "imap", "server": "127.0.0.1", "port": mail.imap,
            "is_ssl": False, "user": department["email"].partition("@")[0], "password": mail.password,
            "department_id": department["id"], "state": "done", "active": True})
        addresses.append(department["email"])
    return addresses
