"""`make lint` runs these first: each check is tried by putting in what it has to find."""
import unittest

import polib
from lxml import etree

from .check_models import silent_overrides, wordless_sudos
from .check_prose import glossary, two_ways, unlike_glossary
from .check_words import in_title_case, menus_unlike_pages, retired_words, two_translations, wordless_labels
from .former_words import add, former
from .typography import bind

BASE = 'class A(models.Model):\n    _name = "desk.a"\n\n    def go(self):\n        return 1\n'
AGAIN = 'class A(models.Model):\n    _inherit = "desk.a"\n\n    def go(self):\n        return %s\n'


class TestSilentOverrides(unittest.TestCase):
    def find(self, second):
        return silent_overrides([("a.py", BASE), ("b.py", second)])

    def test_override_without_super_is_found(self):
        self.assertEqual(self.find(AGAIN % 2), ["b.py:4: desk.a.go hides the one of a.py:4 without super()"])

    def test_what_calls_super_is_no_finding(self):
        self.assertFalse(self.find(AGAIN % "super().go() + 1"))
        self.assertFalse(self.find(AGAIN % "super(A, self.sudo()).go()"))

    def test_other_model_or_other_method_is_no_finding(self):
        self.assertFalse(self.find(AGAIN.replace("desk.a", "desk.b") % 2))
        self.assertFalse(self.find(AGAIN.replace("def go", "def come") % 2))
        self.assertFalse(self.find(AGAIN.replace("_inherit = ", '_name = "desk.b"\n    _inherit = ') % 2))


class TestWordlessSudos(unittest.TestCase):
    def test_no_words_are_found(self):
        for text in ("a.sudo().b", "a.sudo().b  # sudo", "a.sudo().b  # sudo:", "a.sudo().b  # sudo: same",
                     "# sudo:\na.sudo().b", 'x = "# two words"\na.sudo().b', "# far away words\n\na.sudo().b"):
            with self.subTest(text):
                self.assertEqual(len(wordless_sudos("a.py", text)), 1)

    def test_words_are_enough(self):
        for text in ("a.sudo().b  # sudo: only its name", "# sudo: only the name\na.sudo().b",
                     "# sudo: a reason that goes\n# on.\na.sudo().b", "b = 1  # sudo: only its name\na.sudo().b"):
            with self.subTest(text):
                self.assertFalse(wordless_sudos("a.py", text))


class TestWords(unittest.TestCase):
    def test_retired_words_are_found(self):
        for text in ("Client's files", "Every requester", "The time line", "In the ledger", "Notices", "2 items",
                     "Both promises", "Left empty: nobody.", "This sender is banned already.", "Hand over"):
            with self.subTest(text):
                self.assertTrue(retired_words(text))

    def test_words_of_the_glossary_and_names_in_brackets_are_no_findings(self):
        for text in ("Customer documents", "The timeline", "Message log", "%(items)s", "Take over",
                     '<field name="item_ids"/>', "Notifications"):
            with self.subTest(text):
                self.assertFalse(retired_words(text))

    def test_title_case_is_found(self):
        self.assertTrue(in_title_case("Queued At"))
        self.assertTrue(in_title_case("Sms Gateway"))

    def test_sentence_case_names_and_sentences_are_no_findings(self):
        for text in ("Queued at", "SMS gateway", "Set up Service Desk", "Google Gmail", "Set it. Then go.",
                     "Account SID"):
            with self.subTest(text):
                self.assertFalse(in_title_case(text))

    def test_label_that_nobody_wrote_is_found(self):
        text = 'class A(models.Model):\n    _name = "desk.a"\n    queued_at = fields.Datetime(%s)\n'
        self.assertEqual([found[:2] for found in wordless_labels("a.py", text % "readonly=True")],
                         [("desk.a", "queued_at")])
        for words in ('"Queued at"', 'string="Queued at"', "export_string_translation=False",
                      'related="b_id.queued_at"'):
            with self.subTest(words):
                self.assertFalse(wordless_labels("a.py", text % words))
        self.assertFalse(wordless_labels("a.py", (text % "").replace("queued_at", "subject")))
        named = text.replace("    queued_at", '    _inherit = ["mail.thread"]\n    queued_at') % ""
        self.assertEqual(wordless_labels("a.py", named)[0][0], "desk.a")

    def test_term_translated_two_ways_is_found(self):
        def entries(text):
            return [polib.POEntry(msgid="Message", msgstr=text)]
        self.assertEqual(len(two_translations([("a.po", entries("Zpráva")), ("b.po", entries("Položka"))])), 1)
        self.assertFalse(two_translations([("a.po", entries("Zpráva")), ("b.po", entries("Zpráva"))]))

    def test_menu_named_unlike_its_page_is_found(self):
        views = """<odoo><record id="a" model="ir.actions.act_window"><field name="name">%s</field></record>
                   <menuitem id="b" name="Templates" action="a"/></odoo>"""
        self.assertEqual(len(menus_unlike_pages([("a.xml", etree.fromstring(views % "Texts"))])), 1)
        self.assertFalse(menus_unlike_pages([("a.xml", etree.fromstring(views % "Templates"))]))


class TestTranslations(unittest.TestCase):
    ROWS = ("| English | Czech | Slovak |\n|---|---|---|\n| SLA timer, paused | Měření SLA, pozastaveno | x, y |\n"
            "| Close | Uzavřít | x |\n| Close (a panel) | Zavřít | y |\n"
            "| State: Open, Waiting | Stav: Otevřený, Čeká | a, b |")

    def entries(self, *pairs):
        return [polib.POEntry(msgid=english, msgstr=said) for english, said in pairs]

    def test_retired_words_are_found_in_each_language(self):
        for language, text in (("cs", "Soubory klienta"), ("cs", "Odpověděl(a) kolega"), ("cs", "Prázdné: nikdo"),
                               ("cs", "Zpráva pro Vás"), ("cs", "Všechny závazky"), ("sk", "Znovu otvoriť"),
                               ("sk", "Nemožno to vrátiť"), ("sk", "Všetci klienti"), ("sk", "Lehota uplynula")):
            with self.subTest(text):
                self.assertTrue(retired_words(text, language))

    def test_words_that_are_said_are_no_findings(self):
        for language, text in (("cs", "Soubory zákazníka"), ("cs", "Vaše odpověď"), ("cs", "Zástupce"),
                               ("sk", "Možno odoslané"), ("sk", "Znova otvoriť")):
            with self.subTest(text):
                self.assertFalse(retired_words(text, language))

    def test_term_that_the_glossary_says_otherwise_is_found(self):
        known = glossary(self.ROWS, "cs")
        self.assertEqual(known["Close"], {"uzavřít", "zavřít"})
        self.assertEqual((known["Open"], known["paused"]), ({"otevřený"}, {"pozastaveno"}))
        said = self.entries(("SLA timer", "Hodiny SLA"), ("Close", "Zavřít"), ("Open", "Otevřený"), ("Other", "Jiný"))
        [found] = unlike_glossary("a.po", said, known)
        self.assertIn("Hodiny SLA", found)

    def test_term_said_two_ways_in_one_language_is_found(self):
        self.assertEqual(len(list(two_ways("a.po", self.entries(("Undo", "Vrátit"), ("Undo…", "Zrušit…"))))), 1)
        self.assertFalse(list(two_ways("a.po", self.entries(("Undo", "Vrátit"), ("<b>Undo</b>…", "<b>Vrátit</b>…")))))
        split = self.entries(("Close", "Uzavřít"), ("<i/>Close", "<i/>Zavřít"))
        self.assertEqual(len(list(two_ways("a.po", split))), 1)
        self.assertFalse(list(two_ways("a.po", split, glossary(self.ROWS, "cs"))))

    def test_spaces_at_which_no_line_may_break(self):
        for text, bound in (("Nic nového v portálu.", "Nic nového v~portálu."), ("%s h", "%s~h"),
                            ("1 000 %", "1 000~%"),
                            ("Nejvýš 1 000 %.", "Nejvýš 1~000~%."), ("Volno v týmu", "Volno v týmu"),
                            ("Jen %(found)s z %(total)s částí.", "Jen %(found)s z~%(total)s částí."),
                            ("Server s Odoo a tak, dál", "Server s~Odoo a tak, dál"), ("název s min", "název s min")):
            with self.subTest(text):
                self.assertEqual(bind(text).replace("\N{NO-BREAK SPACE}", "~"), bound)

    def test_what_is_said_no_more_is_former(self):
        place = [("model:ir.ui.menu,name:servicedesk.menu_a", "")]
        known, current = {}, {}
        for said in ("Klienti", "Zákazníci"):
            add(known, "cs_CZ", [polib.POEntry(msgid="Customers", msgstr=said, occurrences=place)])
        add(current, "cs_CZ", [polib.POEntry(msgid="Customers", msgstr="Zákazníci", occurrences=place)])
        self.assertEqual(former(known, current), {"ir.ui.menu,name": {"menu_a": {"cs_CZ": ["Klienti"]}}})
        self.assertFalse(former(current, current))
