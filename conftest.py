"""Let pytest import the checkout root, whatever its folder is called, as the add-on `servicedesk`.

Odoo knows our modules as `odoo.addons.servicedesk.…`; pytest would derive another name from the path and load every
model a second time.
"""
from pathlib import Path

import _pytest.pathlib
import pytest

ROOT = Path(__file__).resolve().parent
NAME = "servicedesk"
NOT_ADDON = {"bench", "bridges", "dev", ".dev", "conftest.py"}


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    origin = _pytest.pathlib.resolve_pkg_root_and_module_name

    def resolve(path, *, consider_namespace_packages=False):
        path = Path(path).resolve()
        if path.is_relative_to(ROOT):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if parts[0] == "bridges":
                return ROOT / "bridges", _dotted("odoo.addons", parts[1:])
            if parts[0] not in NOT_ADDON and path.name not in NOT_ADDON:
                return ROOT / ".dev" / "addons", _dotted(f"odoo.addons.{NAME}", parts)
        return origin(path, consider_namespace_packages=consider_namespace_packages)

    _pytest.pathlib.resolve_pkg_root_and_module_name = resolve


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Odoo's `@tagged("slow")` is pytest's marker `slow`, so that no test file has to import pytest."""
    for item in items:
        if "slow" in getattr(item.cls, "test_tags", ()):
            item.add_marker("slow")


def _dotted(prefix, parts):
    return ".".join([prefix, *(part for part in parts if part != "__init__")])
