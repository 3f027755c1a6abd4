import re
from pathlib import Path

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.reasons.words import WORDS
from ...tools import reasons
from ...tools.mail import failure as mail_failure
from ...tools.mail.mailbox import Received
from ...tools.reasons import Reason, Selected
from ...tools.sms import failure as sms_failure
from ..common import ServicedeskCase, build_mail

JANA, SUPPORT = "jana.novotna@stavbyvltava.example", "support@severka.example"


@tagged("post_install", "-at_install")
class TestReasons(ServicedeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("cs_CZ")
        cls.env["ir.module.module"].search([("name", "=", "servicedesk")])._update_translations(["cs_CZ"])

    def new_row(self, reason=False):
        return self.env["servicedesk.intake"].create(
            {"sha256": "x", "department_id": self.support.id, "reason": reason})

    def stored(self, record, name="reason"):
        record.flush_recordset()
        [[value]] = self.env.execute_query(SQL(
            "SELECT %s FROM %s WHERE id = %s", SQL.identifier(name), SQL.identifier(record._table), record.id))
        return value

    def test_whether_there_is_one_can_be_searched(self):
        gateways = self.env["servicedesk.sms.gateway"].create([{"name": "Up"}, {"name": "Down"}])
        gateways[1]._note_down(Reason.of("sms_gateway_down", detail="refused"))
        of_these = [("id", "in", gateways.ids)]
        self.assertEqual(gateways.search([*of_these, ("down_reason", "!=", False)]), gateways[1])
        self.assertEqual(gateways.search([*of_these, ("down_reason", "=", False)]), gateways[0])

    def test_each_reader_reads_in_the_own_language(self):
        row = self.new_row(Reason.of("banned", value="eve@elsewhere.example", reason="spam"))
        self.assertEqual(row.reason, "eve@elsewhere.example is blocked: spam")
        self.assertNotEqual(row.with_context(lang="cs_CZ").reason, row.reason)
        self.assertIn("eve@elsewhere.example", row.with_context(lang="cs_CZ").reason)
        [read] = row.with_context(lang="cs_CZ").read(["reason"])
        self.assertEqual(read["reason"], row.with_context(lang="cs_CZ").reason)
        self.assertIn('"code": "banned"', self.stored(row))
        self.assertEqual(self.env["servicedesk.intake"].search([("reason", "ilike", "eve@elsewhere")]), row)

    def test_a_sentence_of_old_stays_as_it_is(self):
        for sentence in ("Rule “100% sure” %(x)s", '[{"code": ', '[{"code": 1}, 2]', "[]"):
            self.assertEqual(self.new_row(sentence).reason, sentence)
        self.assertFalse(self.new_row().reason)

    def test_names_are_read_with_the_rights_and_words_of_the_reader(self):
        partner = self.env["res.partner"].create({"name": "Secret", "company_id": False})
        row = self.new_row([
            Reason.of("banned_by_rule", rule=partner),
            Reason.of("sender_policy", policy=Selected("servicedesk.department", "sender_policy", "known"))])
        self.assertIn("“Secret”", row.reason)
        partner.name = "Renamed"
        self.assertIn("“Renamed”", row.reason)
        portal = self.env.ref("base.public_user")
        self.assertNotIn("Renamed", row._fields["reason"].convert_to_record(
            self.stored(row), row.with_user(portal)))
        partner.unlink()
        self.assertIn("“?”", row.reason)

    def test_what_nobody_knows_breaks_nothing(self):
        for value in ({"record": ["no.model", [1]]}, {"selection": ["res.users", "nope", "x"]}, {}, [1], None):
            row = self.new_row(Reason("refused_by", {"user": value}))
            self.assertTrue(row.reason.startswith("Re"), value)
        self.assertEqual(self.new_row(Reason("of_a_later_version")).reason, "of_a_later_version")
        self.assertTrue(self.new_row(Reason("banned")).reason)

    def test_several_with_what_the_server_said(self):
        item = self.write_answer(self.arrive(build_mail(JANA, SUPPORT)).ticket_id, self.agent)
        item.failure_reason = [Reason.of("mail_mailbox_full", about=JANA, detail="552 5.2.2 full"),
                               Reason.of("mail_not_sent", about="a@b.example", detail="bad \0 news \udc80")]
        self.assertEqual(item.failure_reason, f"{JANA}: The recipient's mailbox is full. "
                                              "a@b.example: The message could not be sent.")
        self.assertEqual(item.failure_detail, f"{JANA}: 552 5.2.2 full\na@b.example: bad � news ?")
        entries = self.env["servicedesk.timeline"].get_page(item.ticket_id.id)["entries"]
        shown = next(entry for entry in entries if entry["key"] == f"servicedesk.item-{item.id}")
        self.assertEqual((shown["failure_reason"], shown["failure_detail"]), (item.failure_reason, item.failure_detail))

        other = self.new_ticket()
        item._copy_to(other)
        self.assertEqual(other.item_ids._get_failure_reasons(), item._get_failure_reasons(), "codes, not one's words")

    def test_no_rule_to_be_named(self):
        none = self.env["servicedesk.rule"]
        remark = Reason.of("rules_failed", rules=none, detail="no such thing")
        self.assertEqual(none._describe_failure(remark), "⚠: no such thing")
        self.assertEqual(self.new_row([remark]).reason, "Rules failed: no such thing")

    def test_every_class_has_words(self):
        for prefix, classes in (("mail", mail_failure.CLASSES), ("sms", sms_failure.CLASSES)):
            for name in classes:
                self.assertIn(f"{prefix}_{name}", WORDS)

    def test_every_reason_that_is_given_has_words(self):
        root = Path(__file__).resolve().parents[2]
        for path in (*root.joinpath("models").rglob("*.py"), *root.joinpath("tools", "sms").rglob("*.py")):
            for code in re.findall(r'(?:Reason\.of|raise Refused)\(\s*"(\w+)"', path.read_text()):
                self.assertIn(code, WORDS, path.name)

    def test_message_that_a_mailbox_does_not_hand_over(self):
        server = self.env["fetchmail.server"].create({"name": "Box", "department_id": self.support.id, "server": "x"})
        server._store_received(Received("1/7", (1, 7), None, error="[UNAVAILABLE] backend broken"))
        row = self.env["servicedesk.intake"].search([("mailbox_id", "=", server.id)])
        [reason] = row._fields["reason"].get_reasons(row)
        self.assertEqual((reason.code, reason.detail), ("not_retrieved", "[UNAVAILABLE] backend broken"))

    def test_stored_and_back(self):
        given = [Reason.of("flood", limit=0), Reason.of("repaired", problems=[Reason("no-from")])]
        self.assertEqual(reasons.decode(reasons.encode(given)), given)
        self.assertEqual(reasons.encode([]), "")
