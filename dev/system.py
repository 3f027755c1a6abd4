"""System packages, and the accounts that servers run as."""
import contextlib
import fcntl
import functools
import os
import shutil
import tempfile
from pathlib import Path

from .settings import CACHE, DEV, IS_ROOT, NAME, ROOT, TAG
from .shell import SetupError, lock, output, run_logged, say, write_if_changed

SOCKET_LIMIT = 107  # bytes that the path of a Unix socket may have
DPKG = Path("/var/lib/dpkg")
WAIT = "-oDPkg::Lock::Timeout=300"  # seconds for another apt to end
SBIN = ["/usr/local/sbin", "/usr/sbin", "/sbin"]  # missing from an ordinary user's PATH

# Package → a file that it brings; several mean "any of these". Checked by file, so that a self-built tool counts too.
PACKAGES = {
    "postgresql": ["/usr/lib/postgresql/*/bin/initdb"],
    "python3-venv": ["/usr/lib/python3*/ensurepip/__init__.py"],
    "git": ["git"],
    "openssl": ["openssl"],
    "libmagic1": ["/usr/lib/*/libmagic.so.1"],
    "chromium": ["chromium"],
    "wkhtmltopdf": ["wkhtmltopdf"],
    "poppler-utils": ["pdftotext"],
    "dovecot-imapd": ["/usr/lib/dovecot/imap"],
    "dovecot-lmtpd": ["/usr/lib/dovecot/lmtp"],
    "dovecot-pop3d": ["/usr/lib/dovecot/pop3"],
    "dovecot-sieve": ["/usr/lib/dovecot/modules/lib90_sieve_plugin.so"],
}
# Without these some servers are not there: what needs them says so and is left out.
OPTIONAL = {"kannel": ["bearerbox"]}
ROOT_ONLY = {"postfix": ["postfix"]}  # as an ordinary user a relay stands in for it
NODE = {"nodejs": ["node"], "npm": ["npm"]}


def extend_path():
    os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", "/usr/bin:/bin"), *SBIN])


def _present(places):
    return any(
        any(Path("/").glob(place.lstrip("/"))) if "/" in place else shutil.which(place) for place in places
    )


def _interrupted():
    """Whether an earlier apt or dpkg was killed half-way: until that is finished, apt-get refuses everything.

    It left its journal, or packages that are only unpacked. Not where one is at work at this moment, nor for an
    ordinary user, who could not mend it.
    """
    if not IS_ROOT or not DPKG.is_dir():
        return False
    with contextlib.suppress(FileNotFoundError), (DPKG / "lock-frontend").open("r+") as handle:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return any((DPKG / "updates").glob("[0-9]*")) or bool(output(["dpkg", "--audit"]))


def ensure_packages(*groups):
    """Make sure that every package of the groups is installed: by apt as root, else told in one line (SetupError)."""
    missing = [name for group in groups for name, places in group.items() if not _present(places)]
    if not missing and not _interrupted():
        return
    install = ["install", "-y", "--no-install-recommends", *missing]
    if not IS_ROOT:
        raise SetupError(
            f"Missing system packages. As root run:\n\n    apt-get update && apt-get {' '.join(install)}\n")
    if missing:
        say(f"installing system packages: {' '.join(missing)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log = DEV / "log" / "apt.log"
    with lock(CACHE / "apt.lock", "it installs system packages"):
        if _interrupted():
            say("finishing an installation that was interrupted")
            run_logged(["dpkg", "--force-confdef", "--force-confold", "--configure", "-a"], log, 600, env=environment)
        if missing:
            run_logged(["apt-get", WAIT, "update"], log, 300, env=environment)
            run_logged(["apt-get", WAIT, *install], log, 1200, env=environment)
    still = [name for group in groups for name, places in group.items() if not _present(places)]
    if still:
        raise SetupError(f"still missing after installation: {' '.join(still)}; log: {log}")


def ensure_optional():
    """Try to have what the set-up can do without; where that fails, say once what is missing and how to get it."""
    missing = [name for name, places in OPTIONAL.items() if not _present(places)]
    if not missing:
        return
    if IS_ROOT:
        try:
            ensure_packages(OPTIONAL)
            return
        except SetupError as error:
            reason = str(error).strip().splitlines()[-1]
    else:
        reason = f"as root run: apt-get install -y --no-install-recommends {' '.join(missing)}"
    if write_if_changed(DEV / "without", " ".join(missing) + "\n"):
        say(f"without {' '.join(missing)}: no SMS in the demo, its tests are skipped ({reason})")


def as_user(user, group, home="/tmp"):
    """Prefix that runs a command as another account without a login (root only)."""
    return ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "env", f"HOME={home}"]


def can_reach(user, group, *paths):
    """Whether an account may enter folders and read files on the way to every path."""
    test = " && ".join(f"test -r '{path}'" for path in paths)
    return output([*as_user(user, group), "sh", "-c", test]) is not None


@functools.cache
def odoo_prefix():
    """How Odoo is started: as is for an ordinary user; as root through `nobody` where that account reaches our files.

    Below a closed folder (a home of mode 700, mkdtemp) Odoo runs as root, and the output says so.
    """
    if not IS_ROOT:
        return ()
    home = DEV / "home"
    if can_reach("nobody", "nogroup", ROOT / "dev" / "settings.py", CACHE):
        home.mkdir(parents=True, exist_ok=True)
        give(home, "nobody", "nogroup")
        return tuple(as_user("nobody", "nogroup", home))
    if write_if_changed(DEV / "runs-as-root", "told\n"):
        say(f"{ROOT} or {CACHE} is closed to the account `nobody`: Odoo will run as root")
    return ()


def give(path, user, group):
    """Hand a file or folder over to the account (no recursion)."""
    shutil.chown(path, user, group)


def odoo_folder(path):
    """A folder that Odoo may write to, whoever it runs as."""
    path.mkdir(parents=True, exist_ok=True)
    if odoo_prefix():
        give(path, "nobody", "nogroup")
    return path


def memory_mb():
    with open("/proc/meminfo") as lines:
        return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("MemTotal"))


def server_folder(name, *accounts):
    """Where a server keeps its files: below `.dev`, or in the cache where `.dev` is closed to the server's account."""
    groups = {"nobody": "nogroup"}
    reachable = not IS_ROOT or all(
        can_reach(account, groups.get(account, account), ROOT / "dev" / "settings.py") for account in accounts)
    return (DEV if reachable else CACHE / "checkouts" / TAG) / name


def short_folder(folder, longest, name):
    """`folder`, or one below the system's temporary folder when a socket `longest` in it would have too long a name."""
    if len(f"{folder}{longest}".encode()) <= SOCKET_LIMIT:
        return folder
    return Path(tempfile.gettempdir()) / f"{NAME}-{os.geteuid()}-{TAG}-{name}"
