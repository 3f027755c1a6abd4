from pathlib import Path

from odoo.tests import BaseCase

from ...tools.mail import bounce, inbound, mime

MESSAGES = Path(__file__).parent / "messages"


def read(name):
    raw = (MESSAGES / f"{name}.eml").read_bytes()
    return mime.parse(raw), raw


class TestKinds(BaseCase):
    def test_one_fixture_for_each_kind(self):
        """The name of a fixture starts with its kind; those of broken mails are ordinary."""
        kinds = {"auto-reply": "auto_reply", **{kind: kind for kind in (
            "bounce", "complaint", "receipt", "automatic", "list", "ordinary")}}
        seen = set()
        for path in sorted(MESSAGES.glob("*.eml")):
            kind = next((kind for name, kind in kinds.items() if path.stem.startswith(name)), "ordinary")
            seen.add(kind)
            self.assertEqual(inbound.classify(mime.parse(path.read_bytes())), kind, path.stem)
        self.assertEqual(seen, {*inbound.AUTOMATIC, "ordinary"})

    def test_every_rule_decides_a_fixture(self):
        decided = set()
        for path in MESSAGES.glob("*.eml"):
            mail = mime.parse(path.read_bytes())
            decided.add(next((number for number, (_kind, holds) in enumerate(inbound.RULES) if holds(mail)), None))
        self.assertEqual(decided, {None, *range(len(inbound.RULES))})

    def test_people_write_about_bounces(self):
        for subject, sender, text in (
            ("Undelivered mail", "Jana <jana@stavby.example>", "My mail was returned: 550 5.1.1 user unknown"),
            ("Re: Undelivered Mail Returned to Sender", "postmaster@stavby.example",
             "550 5.1.1 user unknown, please help"),
            ("Delivery failed", "eva@stavby.example", "The parcel could not be delivered."),
        ):
            mail = mime.Mail(subject=subject, sender=sender, text=text)
            self.assertNotIn(inbound.classify(mail), ("bounce", "complaint"), subject)

    def classify(self, subject, text="Hello", sender="Eva <eva@stavby.example>", **headers):
        headers = {name.replace("_", "-").lower(): value for name, value in headers.items()}
        return inbound.classify(mime.Mail(subject=subject, sender=sender, text=text, headers=headers,
                                          in_reply_to=headers.get("in-reply-to", "")))

    def test_people_write_about_absences(self):
        """Words of the subject decide nothing by themselves, in no language."""
        for subject in (
            "Nepřítomnost nejde zadat do docházky", "Out of Office 365 licences", "I'm out of toner in printer 3",
            "Vacation request form shows error 500", "On leave request stuck in approval", "Absence du badge",
            "Automatická odpověď v Outlooku nejde nastavit", "Auto-reply not working for sales@",
            "Automatische Antwort lässt sich nicht einrichten", "Abwesenheitsassistent startet nicht",
            "Away from the office I cannot print", "Mimo kancelář se nepřipojím k VPN", "Réponse automatique cassée",
        ):
            self.assertEqual(self.classify(subject), "ordinary", subject)
            self.assertEqual(self.classify(f"Re: {subject}", In_Reply_To="<a@b>"), "ordinary", subject)
            self.assertEqual(self.classify(subject, In_Reply_To="<a@b>"), "ordinary", subject)

    def test_absence_notes_in_any_language(self):
        for words in ("Automatic reply", "Automatisch antwoord", "Automatski odgovor", "Resposta automática",
                      "Автоматична відповідь", "Automatická odpoveď", "Poza biurem", "自動返信", "Răspuns automat"):
            for headers in ({"Auto_Submitted": "auto-generated"}, {"X_Auto_Response_Suppress": "All"},
                            {"Return_Path": "<>"}):
                kind = self.classify(f"{words}: VPN", In_Reply_To="<sd.1@severka.example>", **headers)
                self.assertEqual(kind, "auto_reply", (words, headers))
        self.assertEqual(self.classify("Automatická odpověď: VPN", In_Reply_To="<a@b>"), "auto_reply")
        self.assertEqual(self.classify("Out of office", In_Reply_To="<a@b>"), "auto_reply")
        self.assertEqual(self.classify("Out of office: VPN"), "automatic", "a ticket, which nobody confirms")

    def test_a_person_s_answer_that_a_ticket_system_passes_on(self):
        for subject in ("Re: VPN", "[Acme] Re: VPN", "[Acme] [#12] RE: VPN"):
            kind = self.classify(subject, In_Reply_To="<a@b>", Auto_Submitted="auto-generated")
            self.assertEqual(kind, "automatic", subject)

    def test_two_helpdesks_do_not_talk(self):
        for headers in ({"RT_Originator": "x@y"}, {"Managed_by": "RT 4.4"}, {"X_OTRS_Loop": "x"}):
            self.assertEqual(self.classify("[other #33575] AutoReply: Your question", **headers), "auto_reply")

    def test_receipts_in_plain_words(self):
        for subject, text in (
            ("Přečteno: VPN", "Vaše zpráva\n\nbyla přečtena 30. 11."), ("Gelesen: VPN", "wurde am 30.11. gelesen."),
            ("Prečítané: VPN", "Vaša správa\n\n bola prečítaná 30. 11."), ("Lu : VPN", "Votre message a été lu le 30"),
            ("Nepřečteno: VPN", "byla odstraněna bez přečtení"), ("Not read: VPN", "was deleted without being read"),
            ("Przeczytano: VPN", "Wiadomość została przeczytana"), ("Leído: VPN", "se ha leído el 30"),
        ):
            self.assertEqual(self.classify(subject, text, In_Reply_To="<a@b>"), "receipt", subject)
        self.assertEqual(self.classify("Read: the manual", "I have read it."), "ordinary")

    def test_a_postmaster_may_be_a_person(self):
        words = "Our people cannot be delivered your invoices, the log says 550 5.7.1 rejected."
        for sender in ("Postmaster <postmaster@klient.example>", "System Administrator <it@klient.example>",
                       "Mail Admin <mail-admin@klient.example>"):
            for subject in ("Undelivered mail from you", "Nedoručené e-maily od vás"):
                self.assertNotEqual(self.classify(subject, words, sender), "bounce", sender)
                self.assertEqual(self.classify(subject, words, sender, Return_Path="<>"), "bounce")
        self.assertEqual(self.classify("failure delivery", words, "MAILER-DAEMON@mx.example"), "bounce")

    def test_what_the_mail_server_takes_for_spam(self):
        for headers in ({"X-Spam-Flag": "YES"}, {"X-Spam-Status": "Yes, score=19.9"}, {"X-Spam": "Yes"},
                        {"X-MS-Exchange-Organization-SCL": "6"}, {"X-Rspamd-Action": "add header"}):
            mail = mime.Mail(headers={name.lower(): value for name, value in headers.items()})
            self.assertTrue(inbound.is_flagged_as_spam(mail), headers)
        for headers in ({"X-Spam-Flag": "NO"}, {"X-Spam-Status": "No, score=-1"}, {"X-Rspamd-Action": "no action"},
                        {"X-MS-Exchange-Organization-SCL": "-1"}, {"X-MS-Exchange-Organization-SCL": "1"}):
            mail = mime.Mail(headers={name.lower(): value for name, value in headers.items()})
            self.assertFalse(inbound.is_flagged_as_spam(mail), headers)

    def test_forged_by_the_receiving_server_s_word(self):
        mail = mime.parse(b"Authentication-Results: mx; spf=pass; dmarc=fail (p=none)\nFrom: a@b.cz\n\nx")
        self.assertTrue(inbound.failed_authentication(mail))


class TestBounces(BaseCase):
    def test_what_they_say(self):
        for name, permanent, status, reason in (
            ("bounce-report", True, "5.1.1",
             "550 5.1.1 <jana@stavby.example>: Recipient address rejected: User unknown"),
            ("bounce-delayed", False, "4.4.1", "connect to mx.stavby.example: Connection timed out"),
            ("bounce-exim", True, "5.2.2", "550 5.2.2 mailbox is over its quota"),
            ("bounce-qmail", True, "5.1.1", "Sorry, no mailbox here by that name. (#5.1.1)"),
            ("bounce-exchange", True, "5.1.10", "Vzdálený server vrátil: 550 5.1.10 RESOLVER.ADR.RecipientNotFound"),
            ("bounce-robot", True, "",
             "Your mail could not be delivered to <jana@stavby.example> as the mailbox is full."),
            ("bounce-cloud", True, "5.1.1", "550 5.1.1 user unknown"),
            ("complaint-report", None, "", "This is an abuse report."),
        ):
            found = bounce.parse(*read(name))
            self.assertEqual(found, bounce.Bounce(
                permanent, ["jana@stavby.example"], ["<sd.7.aa@severka.example>"], status, reason), name)

    def test_nothing_to_read(self):
        self.assertEqual(bounce.parse(mime.Mail(), b""), bounce.Bounce())
        for path in MESSAGES.glob("*.eml"):
            self.assertIsInstance(bounce.parse(*read(path.stem)), bounce.Bounce)
