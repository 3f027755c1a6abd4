"""Real mail servers on loopback: Dovecot (IMAP, POP3, LMTP) and Postfix, or a relay where Postfix needs root.

Any user exists, the password is `secret`, a mailbox is the part before the @ whatever the domain.
"""
import contextlib
import getpass
import grp
import imaplib
import os
import shutil
import smtplib
import string
import subprocess
from pathlib import Path

from .ports import free_port, pick, port
from .processes import Server, started_at
from .settings import IS_ROOT, LOG, ROOT
from .shell import SetupError, port_open, wait_until
from .system import give, server_folder, short_folder

PASSWORD = "secret"
TEMPLATES = Path(__file__).with_name("mail")
PORTS = ("imap", "imaps", "pop3", "lmtp", "smtp")


class MailServers:
    """Dovecot + Postfix (root) or Dovecot + relay. `start()`, `stop()`; ports as attributes `imap`, `smtp`, …"""

    password = PASSWORD

    def __init__(self, name, python, ports=None):
        """`ports`: {name: number}; free ones, new each time, when not given."""
        self.name, self.python = name, python
        self.folder = server_folder(f"mail-{name}", "nobody", "postfix")
        self.run = short_folder(self.folder / "run", "/auth-token-secret.dat.tmp", f"mail-{name}")
        self.ports = ports or _pick_all()
        self.relay = None if IS_ROOT else Server(f"relay-{name}", LOG / f"relay-{name}.log")
        self.user, self.group = ("nobody", "nogroup") if IS_ROOT else (
            getpass.getuser(), grp.getgrgid(os.getegid()).gr_name)

    def __getattr__(self, name):
        if name in PORTS:
            return self.ports[name]
        raise AttributeError(name)

    @property
    def kind(self):
        return "Dovecot and Postfix" if IS_ROOT else "Dovecot and a relay (Postfix needs root)"

    def start(self):
        self.stop()
        self._write()
        self._run("dovecot", "-c", self.folder / "dovecot.conf")
        if IS_ROOT:
            self._run("postfix", "-c", self.folder / "postfix/etc", "start")
        else:
            self.relay.start([self.python, "-m", "dev.relay", self.smtp, self.lmtp], cwd=ROOT)
        for name in ("imap", "pop3", "lmtp", "smtp"):
            wait_until(lambda port=self.ports[name]: port_open(port), 20, f"mail server, {name} (logs: {self.folder})")
        return self

    def stop(self):
        """End what this instance, or an interrupted one of the same name, started; its mails stay."""
        if self.relay:
            self.relay.stop()
        _stop_by(self.run / "master.pid", "dovecot")
        _stop_by(self.folder / "postfix/queue/pid/master.pid", "master")

    def remove(self):
        """Stop, and forget the mails."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.run, ignore_errors=True)

    def empty(self):
        """Throw away all mails, while the servers run."""
        for box in (self.folder / "boxes").iterdir():
            shutil.rmtree(box)

    def _run(self, *command):
        log = self.folder / f"{command[0]}-start.log"  # a file: daemons would keep a pipe open
        with log.open("wb") as out:
            done = subprocess.run(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=60)
        if done.returncode:
            raise SetupError(f"{command[0]}: {log.read_text(errors='replace').strip()}; logs: {self.folder}")

    def _write(self):
        for folder in (self.folder / "state", self.folder / "boxes", self.run):
            folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        self.run.chmod(0o755)
        if not (self.folder / "key.pem").exists():
            self._run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650",
                      "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                      "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem")
        self._fill("dovecot.conf", self.folder / "dovecot.conf")
        if IS_ROOT:
            give(self.folder / "boxes", self.user, self.group)
            for name in ("etc", "data", "queue"):
                (self.folder / "postfix" / name).mkdir(parents=True, exist_ok=True)
            give(self.folder / "postfix/data", "postfix", "postfix")
            self._fill("main.cf", self.folder / "postfix/etc/main.cf")
            self._fill("master.cf", self.folder / "postfix/etc/master.cf")

    def _fill(self, template, target):
        values = {"name": f"servicedesk-{self.name}", "folder": self.folder, "run": self.run, "user": self.user,
                  "group": self.group, "password": PASSWORD, **self.ports}
        target.write_text(string.Template((TEMPLATES / template).read_text()).substitute(values))

    def deliver(self, message, sender, rcpt):
        """Send one message by SMTP. `message` is bytes, sent as they are, or an EmailMessage; `rcpt` one or several."""
        content = message if isinstance(message, bytes) else message.as_bytes()
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=30) as smtp:
            smtp.sendmail(sender, [rcpt] if isinstance(rcpt, str) else list(rcpt), content)

    def mailbox(self, user, folder="INBOX"):
        """Raw messages of a mailbox, oldest first, read by IMAP without marking them as seen."""
        with imaplib.IMAP4("127.0.0.1", self.imap, timeout=20) as imap:
            imap.login(user.partition("@")[0], PASSWORD)
            imap.select(folder, readonly=True)
            numbers = imap.search(None, "ALL")[1][0].split()
            return [imap.fetch(number, "(BODY.PEEK[])")[1][0][1] for number in numbers]

    def wait_for(self, user, predicate=None, timeout=30):
        """First raw message of the mailbox that satisfies `predicate` (any when None); SetupError after `timeout`."""
        return wait_until(
            lambda: next((raw for raw in self.mailbox(user) if not predicate or predicate(raw)), None),
            timeout, f"a mail for {user}", pause=0.2)


def demo(python):
    """The mail servers of `make run`, what an interrupted run left of them ended; ports remembered, mails kept."""
    MailServers("run", python, {name: port(name) for name in PORTS}).stop()
    return MailServers("run", python, {name: free_port(name) for name in PORTS})


def _pick_all():
    numbers = set()
    while len(numbers) < len(PORTS):
        numbers.add(pick(numbers))
    return dict(zip(PORTS, sorted(numbers), strict=True))


def _stop_by(pid_file, word):
    """End the daemon that a pid file names, if the number still is such a daemon."""
    with contextlib.suppress(OSError, ValueError):
        pid = int(pid_file.read_text())
        started = started_at(pid)
        if started and word in Path(f"/proc/{pid}/comm").read_text():
            os.kill(pid, 15)
            wait_until(lambda: started_at(pid) != started, 15, f"{word} ends")
