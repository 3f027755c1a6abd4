"""pytest plugin: point the checks of Odoo's `test_lint` at our add-ons only.

Some walk add-ons: they get a list of ours. Some walk the registry, core included, which is clean by itself.
"""
import sys

import pytest

from .settings import our_addons

# not about add-ons, or done better by our own linters (eslint's old configuration format)
SKIPPED = {"test_checkers", "test_eslint", "test_l10n", "test_directives_regex"}

# covered by the first key of a composite index, as the core fields in Odoo's own list of exceptions
INDEXED_OTHERWISE = {"servicedesk.item.ticket_id", "servicedesk.event.ticket_id", "servicedesk.ticket.department_id",
                     "servicedesk.ticket.partner_id", "servicedesk.escalation.clock_id",
                     "servicedesk.sla.clock.ticket_id", "servicedesk.sms.refusal.gateway_id"}


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    import odoo.modules
    from odoo.modules import Manifest

    ours = our_addons()
    manifests = [manifest for name in ours if (manifest := Manifest.for_addon(name))]
    Manifest.all_addon_manifests = staticmethod(lambda: manifests)
    odoo.modules.get_modules = lambda: list(ours)


def pytest_collection_modifyitems(config, items):
    items[:] = [item for item in items if item.module.__name__.rpartition(".")[2] not in SKIPPED]
    for item in items:
        if item.module.__name__.endswith("test_index"):
            item.module.BTREE_INDEX_IGNORE_FIELDS.update(INDEXED_OTHERWISE)
        if item.module.__name__.endswith("test_pylint"):
            item.fixturenames.append("only_our_pylint")


@pytest.fixture
def only_our_pylint(monkeypatch):
    """`test_pylint` starts from Odoo's root folder and adds what lies outside of it: start from ours.

    pytest put Odoo's folder of add-ons on the path, where `calendar` hides Python's own from the pylint process.
    """
    from odoo.modules import Manifest
    from odoo.tools import config
    monkeypatch.setitem(vars(config), "root_path", Manifest.all_addon_manifests()[0].path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if not path.endswith("/addons")])
