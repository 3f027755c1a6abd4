import json
from pathlib import Path

from odoo.tests import BaseCase, HttpCase, tagged

from ...tools.sms import sms_text

CASES = json.loads((Path(__file__).parent / "sms_cases.json").read_text(encoding="utf-8"))
FIELDS = ("encoding", "units", "segments", "left")


class TestSmsCases(BaseCase):
    """The table, as the server counts."""

    def test_table(self):
        for case in CASES:
            with self.subTest(text=case["text"][:40]):
                self.assertEqual({name: getattr(sms_text.measure(case["text"]), name) for name in FIELDS},
                                 {name: case[name] for name in FIELDS})
                plain = sms_text.without_diacritics(case["text"])
                self.assertEqual((plain, sms_text.measure(plain).segments), (case["plain"], case["plain_segments"]))


@tagged("post_install", "-at_install")
class TestSmsMeter(HttpCase):
    """The same table, as the composer counts: what the agent is told is what leaves."""

    def test_table(self):
        script = """
            const meter = odoo.loader.modules.get("@servicedesk/backend/composer/sms_composer/sms_meter");
            const wrong = %s.filter((one) => {
                const found = meter.measure(one.text);
                const plain = meter.removeDiacritics(one.text);
                return %s.some((name) => found[name] !== one[name]) || plain !== one.plain
                    || meter.measure(plain).segments !== one.plain_segments;
            });
            wrong.length ? console.error(JSON.stringify(wrong)) : console.log("test successful");
        """ % (json.dumps(CASES), json.dumps(FIELDS))
        self.browser_js("/odoo", script, ready="odoo.isReady === true", login="admin")
