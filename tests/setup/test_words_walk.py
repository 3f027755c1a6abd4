import re
from collections import defaultdict
from pathlib import Path

import polib
from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import code_translations

LANGUAGES = {"en": "en_US", "cs": "cs_CZ", "sk": "sk_SK"}
SPOKEN = ("string", "title", "placeholder", "help", "aria-label", "alt", "data-tooltip", "confirm", "summary")
HIDDEN = ("invisible", "column_invisible")
TAG = re.compile(r"<[^>]*>")


def said_alike(module, language):
    """Texts that a translator has left as they are in English: names, examples, words of both languages."""
    entries = polib.pofile(file_path(f"{module}/i18n/{language}.po"))
    return {TAG.sub("", entry.msgid).strip() for entry in entries if entry.msgid == entry.msgstr}


def has_label(node, kind):
    """Whether a field's label is seen: above a column, beside what stands in a group of a form."""
    if node.get("nolabel") == "1" or node.get("string") or kind == "kanban":
        return False
    return kind == "list" or next(node.iterancestors("div", "group", "page"), node).tag == "group"


def visible_nodes(root):
    """Nodes of a view that are not hidden for good, with all that is in them."""
    for node in root.iter(etree.Element):
        above = [node, *node.iterancestors()]
        if not any(one.get(name) in ("1", "True") for one in above for name in HIDDEN):
            yield node


@tagged("post_install", "-at_install")
class TestWordsWalk(TransactionCase):
    """Every view, menu, action, page and sentence of ours, as it is read in English, Czech and Slovak."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.modules = sorted(cls.env["ir.module.module"].search(
            [("name", "=like", "servicedesk%"), ("state", "=", "installed")]).mapped("name"))
        for lang in ("cs_CZ", "sk_SK"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.env["ir.module.module"].search([("state", "=", "installed")])._update_translations(["cs_CZ", "sk_SK"])
        cls.ours = cls.env["ir.model.data"].search([("module", "in", cls.modules)])

    def records(self, model):
        return self.env[model].with_context(active_test=False).browse(
            self.ours.filtered(lambda row: row.model == model).mapped("res_id")).exists()

    def texts(self, lang):
        """Yield ``(where, text)`` of all that can be read in a language."""
        speaking = self.env(context={"lang": lang})
        yield from self.texts_of_views(speaking)
        for model in ("ir.ui.menu", "ir.actions.act_window", "ir.actions.client", "ir.actions.server",
                      "ir.actions.report", "ir.cron", "res.groups", "res.groups.privilege", "ir.module.category"):
            for record in self.records(model).with_env(speaking):
                yield record.get_external_id()[record.id], record.name
        for record in self.records("ir.actions.act_window").with_env(speaking):
            yield f"{record.xml_id} help", TAG.sub(" ", record.help or "")
        for record in self.records("ir.model.constraint").with_env(speaking):
            yield record.name, record.message or ""
        if lang != "en_US":
            for module in self.modules:
                for source, said in code_translations.get_python_translations(module, lang).items():
                    yield f"{module} {source!r}", said
                for message in code_translations.get_web_translations(module, lang)["messages"]:
                    yield f"{module} {message['id']!r}", message["string"]

    def texts_of_views(self, speaking):
        for view in self.records("ir.ui.view").with_env(speaking):
            if view.type == "qweb" or view.mode == "extension":
                yield from self.texts_of_page(view)
            elif view.mode == "primary" and view.model in self.env:
                yield from self.texts_of_view(speaking[view.model], view)

    def texts_of_page(self, view):
        root = etree.fromstring(view.arch)
        for node in root.iter(etree.Element):
            silent = node.tag in ("script", "style") or (node.tag == "attribute" and node.get("name") not in SPOKEN)
            for words in (not silent and node.text, node.tail, *(node.get(name) for name in SPOKEN)):
                if words and words.strip():
                    yield view.key or view.name, words.strip()

    def texts_of_view(self, records, view):
        """What a form, list or search says, with the labels of its fields."""
        where = f"{view.xml_id} of {records._name}"
        root = etree.fromstring(records.get_view(view.id, view.type)["arch"])
        fields = records.fields_get()
        for node in visible_nodes(root):
            for words in (node.text, node.tail, *(node.get(name) for name in SPOKEN)):
                if words and words.strip():
                    yield where, words.strip()
            if node.tag == "field" and next(node.iterancestors("field", "groupby"), None) is None:
                field = fields.get(node.get("name"), {})
                if has_label(node, view.type):
                    yield f"{where}, {node.get('name')}", field.get("string", "")
                yield f"{where}, help of {node.get('name')}", field.get("help") or ""
                for _value, words in field.get("selection", ()) if node.get("name") not in ("lang", "tz") else ():
                    yield f"{where}, values of {node.get('name')}", words if isinstance(words, str) else ""

    def test_no_retired_word_is_read(self):
        folder = Path(__file__).resolve().parents[2] / "dev"
        if not (folder / "retired_words.txt").exists():
            self.skipTest("the lists of words are not here: an installed package has none")
        found = []
        for language, lang in LANGUAGES.items():
            patterns = self.read_patterns(folder / f"retired_words{'' if language == 'en' else '_' + language}.txt")
            said = list(self.texts(lang))
            self.assertGreater(len(said), 1500)
            for where, text in said:
                found += [(lang, where, text, pattern.pattern) for pattern in patterns if pattern.search(
                    re.sub(r"%\(\w+\)[sd]|\{\{.*?\}\}", " ", text))]
        self.assertFalse(found)

    def read_patterns(self, file):
        lines = file.read_text(encoding="utf-8").splitlines()
        return [re.compile(rf"\b(?:{line.split(' = ')[0]})(?!\w)", re.IGNORECASE) for line in lines
                if line and not line.startswith("#")]

    def test_everything_that_is_read_is_translated(self):
        english = defaultdict(list)
        for where, text in self.texts_of_views(self.env(context={"lang": "en_US"})):
            english[where].append(text)
        for language, lang in LANGUAGES.items():
            if language == "en":
                continue
            alike = set().union(*(said_alike(module, language) for module in self.modules))
            found = set()
            theirs = defaultdict(list)
            for where, text in self.texts_of_views(self.env(context={"lang": lang})):
                theirs[where].append(text)
            for where, texts in english.items():
                for text, said in zip(texts, theirs[where], strict=True):
                    if text == said and re.search(r"[^\W\d_]{2}", text) and text not in alike:
                        found.add((where, text))
            with self.subTest(lang):
                self.assertFalse(sorted(found))

    def test_no_two_fields_of_a_model_have_one_label(self):
        """Whoever filters or exports must tell them apart; Odoo warns of them with each update."""
        found = []
        for model in self.env.registry.values():
            if model._name.startswith("servicedesk.") and not model._abstract:
                labels = defaultdict(set)
                for name, field in model._fields.items():
                    labels[field.string].add(name)
                found += [(model._name, label, sorted(names)) for label, names in labels.items() if len(names) > 1]
        self.assertFalse(found)
