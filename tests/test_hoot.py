from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    """The components in their own test bed, see ``static/tests``."""

    def test_components(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&filter=%22%40servicedesk/%22", "", "",
            login="admin", success_signal="[HOOT] Test suite succeeded", timeout=600)
