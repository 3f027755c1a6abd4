"""eslint and prettier with their plugins, installed from the lock file into the cache."""
import hashlib
import shutil
from pathlib import Path

from .settings import CACHE, LOG
from .shell import building, lock, run_logged, say
from .system import NODE, ensure_packages

HERE = Path(__file__).parent
FILES = ("package.json", "package-lock.json", "eslint.config.mjs")
XML_PLUGIN = "node_modules/@prettier/plugin-xml/src/plugin.js"


def ensure():
    """The folder that holds `node_modules`; a change of lock file or configuration makes another one."""
    ensure_packages(NODE)
    key = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()[:12]
    target = CACHE / f"node-{key}"
    if not target.is_dir():
        with lock(CACHE / "node.lock", "it installs the Node tools"):
            if not target.is_dir():
                say("installing eslint and prettier")
                with building(target) as part:
                    for name in FILES:
                        shutil.copy(HERE / name, part)
                    run_logged(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"],
                               LOG / "npm.log", 600, cwd=part)
    return target
