from odoo.tests import TransactionCase


class TestAssets(TransactionCase):
    """A style sheet that does not compile takes all styles of the web client with it, and no other test sees that."""

    def test_style_sheets_compile(self):
        for name in ("web.assets_web", "web.assets_web_dark", "web.assets_frontend"):
            with self.subTest(bundle=name):
                bundle = self.env["ir.qweb"]._get_asset_bundle(name, css=True, js=False)
                bundle.css()
                self.assertFalse(bundle.css_errors)
                self.assertTrue(bundle.stylesheets)
