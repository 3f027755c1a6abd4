"""OCA's helpdesk from PyPI, unpacked into the cache; only measured, never part of anything that we ship."""
import shutil
import zipfile

from dev.settings import CACHE, LOG
from dev.shell import building, run_logged, say

PACKAGE, VERSION = "odoo-addon-helpdesk-mgmt", "19.0.1.3.2"


def helpdesk(python):
    """Folder to put into Odoo's add-ons path; fetched once."""
    target = CACHE / f"{PACKAGE}-{VERSION}"
    if not target.is_dir():
        say(f"fetching {PACKAGE} {VERSION}")
        with building(target) as part:
            run_logged([python, "-m", "pip", "--disable-pip-version-check", "download", "--no-deps", "-d", part,
                        f"{PACKAGE}=={VERSION}"], LOG / "pip-peer.log", 300)
            wheel = next(part.glob("*.whl"))
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(part)
            shutil.move(part / "odoo" / "addons", part / "addons")
            wheel.unlink()
    return target / "addons"
