"""Names, folders and environment variables that the rest of the tooling agrees on.

Nothing here creates or changes anything. What a checkout needs lies in its `.dev/`; what checkouts can share
(Odoo, the virtual environment, Node tools) lies in the cache of the user, `CACHE`.
"""
import hashlib
import os
import pwd
from pathlib import Path

NAME = "servicedesk"
ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / ".dev"
DATA = DEV / "data"  # Odoo's data_dir: filestore, sessions
LOG = DEV / "log"
RUN = DEV / "run"  # pid files of what is running
SCREENSHOTS = DEV / "screenshots"
ADDONS = DEV / "addons"
BRIDGES = ROOT / "bridges"
CONF = DEV / "odoo.conf"

IS_ROOT = os.geteuid() == 0
USER = pwd.getpwuid(os.geteuid()).pw_name
TAG = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]  # tells checkouts on one machine apart


def _cache():
    """Per-user cache; root's is not below its home, which is closed to the accounts that run Odoo for root."""
    if os.environ.get("CACHE_DIR"):
        return Path(os.environ["CACHE_DIR"]).expanduser().resolve()
    if os.environ.get("XDG_CACHE_HOME"):
        return Path(os.environ["XDG_CACHE_HOME"]) / NAME
    return Path("/var/cache") / NAME if IS_ROOT else Path.home() / ".cache" / NAME


CACHE = _cache()
PGHOST = os.environ.get("PGHOST", "")
EXTERNAL_PG = bool(PGHOST) and str(DEV) not in PGHOST and TAG not in PGHOST  # else: our own cluster, passed on


def database(purpose):
    """Name of this checkout's database: a private cluster is ours alone, an external server is shared."""
    return f"{NAME}_{purpose}_{TAG}" if EXTERNAL_PG else f"{NAME}_{purpose}"


def bridges():
    """Technical names of the bridge add-ons that exist in this checkout, sorted."""
    return sorted(path.parent.name for path in BRIDGES.glob("*/__manifest__.py"))


def our_addons():
    return [NAME, *bridges()]
