"""Find Odoo 19 or fetch it: ODOO_PATH → an importable `odoo` → Debian's package → a git clone."""
import dataclasses
import hashlib
import os
import re
import shutil
from pathlib import Path

from .settings import CACHE, LOG
from .shell import SetupError, building, lock, note, output, run_logged, say

SERIES = "19.0"
PACKAGE = "odoo-19"
VERSION = "19.0.0+dfsg-1"
SHA256 = "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf"
# The package links into these. sid's Font Awesome 7 lacks the file names that Odoo 19 asks for: no icons.
COMPANIONS = {
    "sid": ["fonts-montserrat", "fonts-roboto-unhinted", "fonts-ocr-b",
            "libjs-jquery", "libjs-jquery-form", "libjs-underscore"],
    "bookworm": ["fonts-font-awesome", "fonts-inconsolata"],
}
REPOSITORY = "https://github.com/odoo/odoo.git"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# Stripped from the package for its licence; without a file of that name every page logs an error and tours fail.
STUB = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclasses.dataclass(frozen=True)
class Odoo:
    python_path: Path  # the folder that holds the package `odoo`
    addons: Path  # the folder of the Community add-ons
    origin: str

    @classmethod
    def at(cls, folder, origin):
        """Odoo 19 in a git checkout, an unpacked Debian package or a site-packages folder; None when it is not."""
        for base in (folder, folder / "usr/lib/python3/dist-packages"):
            release = base / "odoo" / "release.py"
            if release.is_file() and re.search(r"version_info = \(19, 0\b", release.read_text()):
                # a git checkout keeps its add-ons beside `odoo/`; the package inside, its folder beside is incomplete
                places = (base / "odoo" / "addons", base / "addons")
                addons = next((place for place in places if (place / "mail" / "__manifest__.py").is_file()), None)
                return cls(base, addons, origin) if addons else None
        return None


def find():
    """The Odoo to use; fetches it when the machine has none. SetupError when nothing works."""
    if os.environ.get("ODOO_PATH"):
        folder = Path(os.environ["ODOO_PATH"]).expanduser().resolve()
        odoo = Odoo.at(folder, "ODOO_PATH")
        if not odoo:
            raise SetupError(f"ODOO_PATH={folder} holds no Odoo {SERIES}")
        return odoo
    return _importable() or _from_package() or _from_git()


def _importable():
    where = output(["/usr/bin/python3", "-c", "import odoo.release as r; print(r.__file__)"], cwd="/")
    return Odoo.at(Path(where).parent.parent, "installed package") if where else None


def _from_package():
    target = CACHE / f"odoo-{VERSION}"
    if not (odoo := Odoo.at(target, f"Debian package {VERSION}")):
        with lock(CACHE / "odoo.lock", "it fetches Odoo"):
            if not target.is_dir():
                if not shutil.which("apt-get") or not shutil.which("dpkg"):
                    return None
                try:
                    _unpack_package(target)
                except SetupError as error:
                    note(f"Debian's package does not work here: {error}")
                    return None
            odoo = Odoo.at(target, f"Debian package {VERSION}")
    return odoo


def _unpack_package(target):
    say(f"fetching Odoo {SERIES}: Debian package {PACKAGE} {VERSION} (123 MB)")
    apt = _private_apt()
    downloads = CACHE / "downloads"
    archives = [_download(apt, downloads, f"{PACKAGE}={VERSION}", SHA256)]
    archives += [_download(apt, downloads, f"{name}/{suite}") for suite, names in COMPANIONS.items() for name in names]
    say("unpacking Odoo (1.3 GB)")
    with building(target) as part:
        for archive in archives:
            run_logged(["dpkg", "-x", archive, part], LOG / "dpkg.log", 600)
        _complete(part)
    shutil.rmtree(downloads)


def _complete(part):
    """Repair what Debian stripped or left to other packages; SetupError on a link into nothing."""
    addons = part / "usr/lib/python3/dist-packages/odoo/addons"
    stub = addons / STUB
    stub.parent.mkdir(parents=True, exist_ok=True)
    stub.touch()
    broken = []
    for folder, names, files in os.walk(part):
        for name in [*names, *files]:
            path = Path(folder, name)
            if not path.is_symlink():
                continue
            link = os.readlink(path)
            if link.startswith("/") and (part / link[1:]).exists():  # absolute links must stay inside
                path.unlink()
                path.symlink_to(os.path.relpath(part / link[1:], path.parent))
            if not path.exists():
                broken.append(path)
    inside = [path for path in broken if addons in path.parents]
    if inside:
        raise SetupError(f"the package has links into nothing, for example {inside[0]}")
    for path in broken:  # documentation and start-up scripts of companions
        path.unlink()


def _private_apt():
    """Options that give apt an own folder with `sid` and `bookworm`; needs no root, leaves the machine's lists be."""
    folder = CACHE / "apt"
    for name in ("lists/partial", "archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    signed = f"[signed-by={KEYRING}] " if Path(KEYRING).exists() else ""
    mirror = _mirror()
    (folder / "sources.list").write_text("".join(f"deb {signed}{mirror} {suite} main\n" for suite in COMPANIONS))
    options = [
        f"Dir::Etc::sourcelist={folder}/sources.list", "Dir::Etc::sourceparts=/dev/null",
        f"Dir::State::lists={folder}/lists", f"Dir::Cache={folder}", "APT::Sandbox::User=root",
        "Acquire::Languages=none", "Acquire::Retries=3",
    ]
    apt = [part for option in options for part in ("-o", option)]
    note("reading the lists of sid and bookworm")
    run_logged(["apt-get", *apt, "update"], LOG / "apt-lists.log", 300)
    return apt


def _mirror():
    """Address of the machine's Debian mirror, from its own apt settings."""
    codename = re.search(r'VERSION_CODENAME="?(\w+)', Path("/etc/os-release").read_text())
    lines = output(["apt-get", "--print-uris", "update"]) or ""
    found = dict(reversed(pair) for pair in re.findall(r"'([^']+)/dists/([^/'-]+)/InRelease'", lines))
    address = found.get(codename and codename[1]) or next(iter(found.values()), None)
    if not address:
        raise SetupError("apt knows no Debian mirror")
    return address


def _download(apt, downloads, what, sha256=None):
    """One .deb, fetched under a temporary folder and moved when complete; `sha256` is checked every time."""
    name = re.split("[=/]", what)[0]
    kept = next(downloads.glob(f"{name}_*.deb"), None)
    if kept and (not sha256 or _digest(kept) == sha256):
        return kept
    partial = downloads / "partial"
    for attempt in (1, 2):
        partial.mkdir(parents=True, exist_ok=True)
        try:
            run_logged(
                ["apt-get", *apt, "download", what], LOG / f"download-{name}.log", 1200, cwd=partial,
                progress=lambda: f"{sum(file.stat().st_size for file in partial.glob('*')) >> 20} MB",
            )
            file = next(partial.glob(f"{name}_*.deb"))
            if not sha256 or _digest(file) == sha256:
                return file.rename(downloads / file.name)
            reason = "it has not the sha256 that this checkout expects"
        except SetupError as error:
            reason = str(error)
        shutil.rmtree(partial)  # a broken rest may be the reason: once more from the start
        note(f"{name}: {'fetching it again' if attempt == 1 else 'giving up'}")
    raise SetupError(f"{what}: {reason}")


def _digest(path):
    digest = hashlib.sha256()
    with path.open("rb") as data:
        while block := data.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _from_git():
    target = CACHE / f"odoo-git-{SERIES}"
    with lock(CACHE / "odoo.lock", "it fetches Odoo"):
        if not target.is_dir():
            say(f"fetching Odoo {SERIES}: shallow git clone")
            clone = ["git", "clone", "--depth=1", "--single-branch", f"--branch={SERIES}", REPOSITORY]
            try:
                with building(target) as part:
                    run_logged([*clone, part / "odoo"], LOG / "odoo-clone.log", 1800,
                               env={**os.environ, "GIT_TERMINAL_PROMPT": "0"})
            except SetupError as error:
                raise SetupError(f"{error}\n\nNo Odoo {SERIES}: set ODOO_PATH to a checkout or installation") from None
    odoo = Odoo.at(target / "odoo", f"git clone of {SERIES}")
    if not odoo:
        raise SetupError(f"{target} is no Odoo {SERIES}: remove it")
    return odoo
