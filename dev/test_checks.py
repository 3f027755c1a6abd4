"""`make lint` runs these first: each check is tried by putting in what it has to find."""
import unittest

import polib
from lxml import etree

from .check_models import silent_overrides, wordless_sudos
from .check_words import in_title_case, menus_unlike_pages, retired_words, two_translations, wordless_labels

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
