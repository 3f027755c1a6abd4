from odoo.tests import BaseCase

from ...tools import limits
from ...tools.mail import long_text, mail_text


def fold(body):
    return long_text.fold_rest(body, lambda letters: f"Rest of {letters}", 100, 300)


class TestLongText(BaseCase):
    """Long texts in parts, none of which is lost."""

    def words(self, html):
        tree = mail_text.parse(html)
        for summary in tree.xpath("//summary"):
            summary.drop_tree()
        return tree.text_content()

    def test_short_ones_stay(self):
        for body in ("", "<p>Hi</p>", "<p>" + "x" * 90 + "</p>"):
            self.assertEqual(fold(body), body)
        self.assertEqual(fold(False), "")

    def test_nothing_is_lost(self):
        for body in ("<p>" + "x" * 1000 + "</p>", "x" * 1000, "<p>a</p>" * 200, "a<br>" * 300,
                     "<p>" + "a <b>b</b> c " * 100 + "</p>end",
                     "<table><tr><td>a</td></tr>" + "<tr><td>b</td></tr>" * 99 + "</table>",
                     "<div>" * 50 + "x" * 500 + "</div>" * 50 + "tail" * 50, "<!--" + "c" * 500 + "-->x" * 200,
                     "<p>" + "&lt;script&gt;" * 60 + "</p>", "<p>ž &amp; 😀</p>" * 60):
            with self.subTest(body[:40]):
                folded = fold(body)
                self.assertEqual(self.words(folded), self.words(body))
                self.assertNotIn("<script", folded)
                shown = mail_text.parse(folded)
                parts = shown.xpath("//details[@class='o_sd_rest']")
                self.assertTrue(parts)
                for rest in parts:
                    rest.getparent().remove(rest)
                self.assertLessEqual(len(shown.text_content()), 100)

    def test_parts_lie_in_each_other_and_say_how_much_is_left(self):
        tree = mail_text.parse(fold("<p>" + "x" * 1000 + "</p>"))
        self.assertEqual([summary.text for summary in tree.xpath("//details/summary")], [
            "Rest of 900", "Rest of 600", "Rest of 300"])
        self.assertEqual(len(tree.xpath("//details/details/details")), 1)

    def test_a_megabyte_takes_a_moment(self):
        body = "<p>" + "slovo " * 200_000 + "</p>" + "<div>" * 100 + "y" * 500_000 + "</div>" * 100
        folded = long_text.fold_rest(body, str)
        self.assertEqual(self.words(folded), self.words(body))
        self.assertLess(folded.index("o_sd_rest"), limits.SHOWN_LETTERS + 1000)
