"""`make lint` runs these first: each check is tried by putting in what it has to find."""
import unittest

from .check_models import silent_overrides, wordless_sudos

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
