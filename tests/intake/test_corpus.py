import collections
import json
import os
import time
from pathlib import Path
from unittest import SkipTest

from odoo.tests import BaseCase, tagged
from odoo.tools import html2plaintext, mute_logger

from ...tools.mail import html_guard, inbound, mime
from ..common import ServicedeskCase
from . import corpus


def note(part, values):
    """Keep results for `make corpus`, which writes the table in docs/reliability.md."""
    if path := os.environ.get("CORPUS_RESULTS"):
        results = json.loads(Path(path).read_text()) if Path(path).exists() else {}
        Path(path).write_text(json.dumps(results | {part: values}))


class CorpusCase:
    @classmethod
    def setUpClass(cls):
        if not corpus.FOLDER.is_dir():
            raise SkipTest(corpus.MISSING)
        super().setUpClass()


class TestCorpusReading(CorpusCase, BaseCase):
    """All corpora, read: a few seconds."""

    def test_czech_charsets(self):
        self.assertEqual(corpus.synthetic_differences(), [])

    def test_differences_from_imap_tools_are_explained(self):
        found = corpus.imap_tools_differences()
        self.assertEqual(set(found) - corpus.explained("imap_tools"), set(), found)
        self.assertEqual(corpus.explained("imap_tools") - set(found), set(), "explained, and no longer different")
        note("imap_tools", {"mails": len(corpus.expected("imap_tools")), "different": len(found)})

    def test_every_mail_in_time_and_with_its_letters(self):
        for name, raw in corpus.mails():
            started = time.monotonic()
            mail = mime.parse(raw)
            self.assertLess(time.monotonic() - started, corpus.PARSE_LIMIT, name)
            if "\ufffd".encode() not in raw:
                self.assertNotIn("\ufffd", mail.subject + mail.sender + mail.text + mail.html, name)
            self.assertFalse(set(mail.problems) & {"time-limit", "unreadable", "too-deep", "too-many-parts"}, name)

    def test_bounces(self):
        kinds = corpus.kinds(corpus.ABOUT_BOUNCES)
        missed = {name for name, kind in kinds.items() if kind not in ("bounce", "complaint", "receipt", "auto_reply")}
        self.assertEqual(missed - corpus.explained("sisimai"), set())
        self.assertLess(len(missed), 0.03 * len(kinds))
        note("sisimai", {"mails": len(kinds), "recognised": len(kinds) - len(missed)})

    def test_ordinary_mail_is_no_bounce(self):
        others = {path.name for path in corpus.FOLDER.iterdir()} - {corpus.ABOUT_BOUNCES}
        taken = {name for name, kind in corpus.kinds(*others).items() if kind in corpus.REPORTS}
        self.assertEqual(taken - corpus.explained("Bounces among ordinary mail"), set())


class LedgerCase(CorpusCase, ServicedeskCase):
    """Files corpus mails through the real ledger."""

    def _file(self, mails):
        self.support.flood_limit = 0
        outcomes, slowest = collections.Counter(), 0
        for name, raw in mails:
            started = time.monotonic()
            row = self.env["servicedesk.intake"]._store(raw, self.support)
            row._process()
            self.env.flush_all()
            spent = time.monotonic() - started
            slowest = max(slowest, spent)
            self.assertFalse(row.traceback, f"{name}: {row.traceback}")
            self.assertIn(row.state, ("done", "quarantined", "refused"), name)
            self.assertTrue(row.outcome, name)
            self.assertLess(spent, corpus.FILE_LIMIT, name)
            self._check_shown(name, mime.parse(raw), row)
            outcomes[row.outcome] += 1
            if name.startswith(corpus.ABOUT_BOUNCES) and row.outcome in ("new", "reply"):
                outcomes["report as ticket"] += 1
            self.env.invalidate_all()
        return outcomes, slowest

    def _check_shown(self, name, mail, row):
        """What the mail says is on the item, and so are its files."""
        if row.outcome not in ("new", "reply"):
            return
        if mail.text.strip() or (mail.html and html_guard.to_text(mail.html)):
            self.assertTrue(html2plaintext(row.item_id.body or "").strip(), f"{name}: blank")
        self.assertEqual(len(row.item_id.attachment_ids), len(mail.files), name)


class TestCorpusLedgerSample(LedgerCase):
    def test_every_twentieth_mail(self):
        self._file(corpus.mails()[::20])


@tagged("slow")
class TestCorpusLedger(LedgerCase):
    def test_every_mail_has_an_outcome(self):
        mails = corpus.mails()
        outcomes, slowest = self._file(mails)
        self.assertEqual(outcomes["report as ticket"], len(corpus.explained("sisimai")))
        note("ledger", {"mails": len(mails), "outcomes": outcomes, "slowest": round(slowest, 2)})


@tagged("slow")
class TestCorpusPlainOdoo(CorpusCase, ServicedeskCase):
    """What Odoo's own gateway does with the same mails, for the table; nothing is asserted about it."""

    def test_plain_odoo(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", "1000000")
        domain = self.env["mail.alias.domain"].create({"name": "inbox.example"})
        project = self.env["project.project"].create(
            {"name": "Inbox", "privacy_visibility": "portal", "alias_name": "inbox", "alias_domain_id": domain.id})
        found = collections.Counter()
        muted = mute_logger("odoo.addons.mail.models.mail_thread", "odoo.addons.base.models.ir_attachment",
                            "odoo.tools.mail", "odoo.tools.image", "odoo.sql_db")
        for name, raw in corpus.mails():
            with muted:
                found.update(self._process_plainly(name, raw, project))
            self.env.invalidate_all()
        note("plain", found)

    def _process_plainly(self, name, raw, project):
        """Return the words for the table that fit what became of one mail; the mail is undone again."""
        mail = mime.parse(raw)
        report = name.startswith(corpus.ABOUT_BOUNCES) or inbound.classify(mail) in corpus.REPORTS
        try:
            with self.env.cr.savepoint(flush=True) as savepoint:
                task_id = self.env["mail.thread"].message_process(
                    "project.task", raw, custom_values={"project_id": project.id})
                task = self.env["project.task"].browse(task_id or [])
                found = self._flaws(task, mail, report) if task else [
                    "report dropped" if report else "letter dropped"]
                self.env.flush_all()
                savepoint.rollback()
        except Exception:  # Odoo's fetching catches them all, and the mail is gone
            return ["lost by exception"]
        return found

    def _flaws(self, task, mail, report):
        message = task.message_ids.sorted("id")[-1:]
        shown = html2plaintext(message.body or "").strip()
        found = ["report as ticket"] if report else ["ticket"]
        if not shown and (mail.text.strip() or html_guard.to_text(mail.html)):
            found.append("blank")
        if "\ufffd" in (task.name or "") + shown and "\ufffd" not in mail.subject + mail.text + mail.html:
            found.append("letters destroyed")
        forwarded = [file for file in mail.files if file.mimetype == "message/rfc822"]
        if forwarded and not any(attachment.mimetype == "message/rfc822" or (attachment.name or "").endswith(".eml")
                                 for attachment in message.attachment_ids) and not report:
            found.append("forwarded mail taken apart")
        if not message.author_id and not message.email_from:
            found.append("nobody as sender")
        return found
