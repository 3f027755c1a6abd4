"""Trying a mail account: what exactly is wrong with it, found out in limited time and without changing anything there.

The problems are codes (`PROBLEMS`); the words for people stand in ``models/setup/words.py``. Passwords are in no
``repr`` and in no error.
"""

import imaplib
import ipaddress
import poplib
import re
import smtplib
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field

LIMIT = 10  # seconds for the whole of a test
PATIENCE = 4  # seconds for a first word without encryption: an encrypted port says nothing by itself
PORTS = {("imap", "ssl"): 993, ("imap", "none"): 143, ("pop", "ssl"): 995, ("pop", "none"): 110,
         ("smtp", "ssl"): 465, ("smtp", "starttls"): 587, ("smtp", "none"): 25}
PROBLEMS = (
    "name", "address", "nothing", "unreachable", "silence", "closed", "protocol", "wants_ssl", "not_ssl", "old_ssl",
    "no_starttls", "expired", "wrong_name", "untrusted", "login", "letters", "app_password", "oauth", "disabled",
    "later", "no_login", "wants_login", "folder", "sender", "recipient")
# What servers say when they refuse a sign-in, by what it means; the first that fits.
REFUSALS = (
    ("disabled", r"\b(imap|pop3?)\b.{0,40}(disabled|not (enabled|allowed)|(switch|turn)ed off)"),
    ("disabled", r"(enable|enabled for) (imap|pop)"),
    ("app_password", r"app(lication)?[- ]?specific|app[- ]password|InvalidSecondFactor"),
    ("oauth", r"basic ?auth|5\.7\.139|oauth|modern auth|web login required"),
    ("later", r"too many|rate limit|temporar|try again|unavailable|inuse|in use|locked|exceeded"),
)
CERTIFICATE = {10: "expired", 9: "expired", 62: "wrong_name", 64: "wrong_name"}  # X509_V_ERR_* of OpenSSL


@dataclass(frozen=True)
class Account:
    """Where and how to sign in. ``kind``: imap, pop or smtp; ``encryption``: ssl, starttls (SMTP only) or none.

    Without ``verify`` the server's certificate is not looked at.
    """

    kind: str
    host: str
    port: int
    encryption: str = "ssl"
    user: str = ""
    password: str = field(default="", repr=False)
    verify: bool = True
    folder: str = "INBOX"


class CheckFailed(Exception):
    """An account that does not work: ``problem`` is one of PROBLEMS, ``answer`` what the server said, if it did."""

    def __init__(self, problem, answer=""):
        super().__init__(problem)
        self.problem, self.answer = problem, _readable(answer)


def check(account, sender="", limit=LIMIT):
    """Sign in, and open the folder (IMAP), count (POP3), or announce a mail from and to ``sender`` (SMTP), unsent.

    :param limit: seconds, after which the connection is cut off
    :return: number of messages in the mailbox, or None for SMTP
    :raise CheckFailed: the account does not work
    """
    attempt = _Attempt(account, sender, limit)
    thread = threading.Thread(target=attempt.run, daemon=True)  # names are looked up without any limit of their own
    thread.start()
    thread.join(limit)
    if thread.is_alive():
        attempt.cut()
        raise CheckFailed("silence")
    if attempt.failure:
        if account.password:  # a server may repeat what it was told
            attempt.failure.answer = attempt.failure.answer.replace(account.password, "•••")
        raise attempt.failure
    return attempt.messages


class _Attempt:
    """One test on a thread of its own, which touches neither database nor environment."""

    def __init__(self, account, sender, limit):
        self.account, self.sender, self.limit = account, sender, limit
        self.end = time.monotonic() + limit
        self.messages = self.failure = self.connection = None

    @property
    def left(self):
        return max(0.1, self.end - time.monotonic())

    def run(self):
        try:
            self._resolve()
            self.connection = self._connect()
            self.messages = getattr(self, f"_use_{self.account.kind}")(self.connection)
        except CheckFailed as failure:
            self.failure = failure
        except Exception as error:
            self.failure = _explain(error)
        finally:
            self._leave()

    def cut(self):
        """End a connection that somebody keeps open, so that its thread ends too."""
        sock = getattr(self.connection, "sock", None)
        if sock:
            sock.close()

    def _leave(self):
        try:
            if self.connection:
                self.connection.logout() if self.account.kind == "imap" else self.connection.quit()
        except Exception:
            self.cut()

    def _resolve(self):
        try:
            found = socket.getaddrinfo(self.account.host, self.account.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise CheckFailed("name") from error
        if any(ipaddress.ip_address(info[4][0].partition("%")[0]).is_link_local for info in found):
            raise CheckFailed("address")  # machines' own services live there, mail servers do not

    def _connect(self):
        encrypted = self.account.encryption == "ssl"
        try:
            return self._open(encrypted, self.left if encrypted else min(PATIENCE, self.left))
        except CheckFailed:
            raise
        except Exception as error:
            failure = _explain(error)
            if not encrypted and failure.problem in ("silence", "closed", "protocol") and self._speaks_ssl():
                raise CheckFailed("wants_ssl") from error
            raise failure from error

    def _open(self, encrypted, patience):
        account, kind = self.account, self.account.kind
        host, port, context = account.host, account.port, self._context() if encrypted else None
        if kind == "imap":
            connection = imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=patience) if encrypted \
                else imaplib.IMAP4(host, port, timeout=patience)
        elif kind == "pop":
            connection = poplib.POP3_SSL(host, port, context=context, timeout=patience) if encrypted \
                else poplib.POP3(host, port, timeout=patience)
        else:
            connection = smtplib.SMTP_SSL(host, port, context=context, timeout=patience) if encrypted \
                else smtplib.SMTP(host, port, timeout=patience)
        connection.sock.settimeout(self.left)
        return connection

    def _context(self):
        context = ssl.create_default_context()
        if not self.account.verify:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    def _speaks_ssl(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            with socket.create_connection((self.account.host, self.account.port), timeout=min(3, self.left)) as plain, \
                    context.wrap_socket(plain, server_hostname=self.account.host):
                return True
        except (OSError, ValueError):
            return False

    def _use_imap(self, connection):
        if "LOGINDISABLED" in connection.capabilities:
            raise CheckFailed("wants_ssl")
        with _SigningIn():
            connection.login(self.account.user, self.account.password)
        status, answer = connection.select(self.account.folder, readonly=True)
        if status != "OK":
            raise CheckFailed("folder", answer[0])
        return int(answer[0] or 0)

    def _use_pop(self, connection):
        with _SigningIn():
            connection.user(self.account.user)
            connection.pass_(self.account.password)
        return connection.stat()[0]

    def _use_smtp(self, connection):
        connection.ehlo_or_helo_if_needed()
        if self.account.encryption == "starttls":
            if not connection.has_extn("starttls"):
                raise CheckFailed("no_starttls")
            connection.starttls(context=self._context())
            connection.ehlo()
        if self.account.user:
            self._sign_in_to_smtp(connection)
        if self.sender:
            self._announce(connection)

    def _sign_in_to_smtp(self, connection):
        if not connection.has_extn("auth"):
            encryptable = self.account.encryption == "none" and connection.has_extn("starttls")
            raise CheckFailed("wants_ssl" if encryptable else "no_login")
        with _SigningIn():
            connection.login(self.account.user, self.account.password)

    def _announce(self, connection):
        code, answer = connection.mail(self.sender)
        if code == 250:
            code, answer, problem = *connection.rcpt(self.sender), "recipient"
        else:
            problem = "sender"
        if code in (250, 251):
            connection.rset()
        elif code == 530 or re.search(rb"authenticat|must issue|log ?in", answer or b"", re.IGNORECASE):
            raise CheckFailed("oauth" if self.account.user else "wants_login", answer)
        else:
            raise CheckFailed("later" if 400 <= code < 500 else problem, answer)


class _SigningIn:
    """What a server answers to a sign-in is a refusal, whatever the protocol."""

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _trace):
        if isinstance(error, UnicodeEncodeError):
            raise CheckFailed("letters") from None  # the error would carry the password
        refused = (imaplib.IMAP4.error, poplib.error_proto, smtplib.SMTPResponseException)
        if isinstance(error, refused) and not isinstance(error, imaplib.IMAP4.abort):
            answer = getattr(error, "smtp_error", None) or (error.args[0] if error.args else "")
            text = _readable(answer)
            problem = next((code for code, said in REFUSALS if re.search(said, text, re.IGNORECASE)), "login")
            raise CheckFailed(problem, answer) from None
        if isinstance(error, smtplib.SMTPNotSupportedError):
            raise CheckFailed("no_login") from None


def _explain(error):
    """Return the CheckFailed that an error of a connection means."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return CheckFailed(CERTIFICATE.get(error.verify_code, "untrusted"), error.verify_message)
    if isinstance(error, ssl.SSLError):
        plain = error.reason in (
            "WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG")
        return CheckFailed("not_ssl" if plain else "closed" if isinstance(error, ssl.SSLEOFError) else "old_ssl",
                           error.reason or "")
    if isinstance(error, TimeoutError):
        return CheckFailed("silence")
    if isinstance(error, ConnectionRefusedError):
        return CheckFailed("nothing")
    if isinstance(error, imaplib.IMAP4.abort) and "unexpected response" in str(error):
        return CheckFailed("protocol", str(error).partition(": ")[2])
    if isinstance(error, (ConnectionError, EOFError, imaplib.IMAP4.abort, smtplib.SMTPServerDisconnected)):
        return CheckFailed("closed")
    if isinstance(error, poplib.error_proto) and b"EOF" in str(error).encode():
        return CheckFailed("closed")
    if isinstance(error, (imaplib.IMAP4.error, poplib.error_proto, smtplib.SMTPException)):
        return CheckFailed("protocol", error.args[-1] if error.args else "")
    if isinstance(error, OSError):
        return CheckFailed("unreachable", error.strerror or "")
    return CheckFailed("protocol", type(error).__name__)


def _readable(answer):
    """Return a server's answer as one short line of text."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return re.sub(r"\s+", " ", re.sub(r"^b['\"]|['\"]$", "", text)).strip()[:300]
