import io
import time
from pathlib import Path

from PIL import Image

from odoo.tools import image

from ...tools.mail import mail_reader, mime
from ..common import ServicedeskCase, build_mail

HERE = Path(__file__).parent


def draw(width, height):
    """Return a picture in PNG."""
    with io.BytesIO() as file:
        Image.new("1", (width, height)).save(file, "PNG")
        return file.getvalue()


def start_early(png):
    """Return a PNG in which the second part begins within the first: its name has NULs in it."""
    start = png.index(b"IDAT") - 4
    return png[:start] + (8).to_bytes(4, "big") + png[start + 4:start + 16] + b"\0\0\0\2\0\0IE" + png[start + 16:]


def build_picture_mail(subject, raw):
    message = build_mail("jana@x.example", "support@severka.example", subject)
    message.add_attachment(raw, "image", "png", filename="scan.png")
    return message


class TestMailReader(ServicedeskCase):
    """Mail is read in a process of its own: the real one."""

    def test_it_reads_as_we_do(self):
        message = build_mail("Jana <jana@x.example>", "support@severka.example", "Žádost", "Příliš žluťoučký kůň")
        message.add_attachment(b"\x00\xff" * 1000, "application", "octet-stream", filename="smlouva č. 1.bin")
        for raw in (message.as_bytes(), b"", b"\x00\xff" * 500, b"Subject: " + b"x" * 3_000_000):
            self.assertEqual(mail_reader.read(raw), mime.parse(raw))

    def test_what_a_mail_may_not_do(self):
        """Each is over soon, costs this mail only, and says why."""
        for raw, words in ((b"sleep", "more than 1 seconds"), (b"spin", "died|seconds"), (b"bomb", "died"),
                           (b"abort", "died"), (b"flood", "more came out")):
            with self.subTest(raw):
                start = time.monotonic()
                child = mail_reader.Child(HERE, "hostile_reader", seconds=1 if raw == b"sleep" else 20, cpu_seconds=1)
                with self.assertRaisesRegex(mail_reader.Unreadable, words), child:
                    self.assertEqual(child.read_mail(b"fine").subject, "fine")
                    child.read_mail(raw)
                self.assertFalse(child.lives())
                self.assertLess(time.monotonic() - start, 15)

    def test_it_stays_in_the_ledger_with_its_original(self):
        raw = build_mail("jana@x.example", "support@severka.example", "Bomb").as_bytes()
        row = self.env["servicedesk.intake"]._store(raw, self.support)

        def refuse(_raw):
            raise mail_reader.Unreadable("it took more than 60 seconds")

        self.patch(mail_reader, "read", refuse)
        self.run_job("cron_intake_1")
        self.assertEqual(row.state, "failed")
        self.assertIn("within the limits", row.reason)
        self.assertEqual(row._get_raw(), raw)

    def test_jobs_use_it(self):
        row = self.env["servicedesk.intake"]._store(
            build_mail("jana@x.example", "support@severka.example", "Read elsewhere").as_bytes(), self.support)
        self.patch(mime, "parse", lambda *_args: self.fail("read in this process"))
        self.run_job("cron_intake_1")
        self.assertEqual(row.item_id.subject, "Read elsewhere")

    def test_pictures_are_kept_as_they_came(self):
        """Odoo makes large pictures smaller, and stumbles over some that are broken; ours are evidence."""
        scan = draw(2600, 1800)
        start = scan.index(b"IDAT") - 4
        for name, raw in (("large", scan), ("cut", scan[:start + 40]), ("short", start_early(scan)),
                          ("none", scan[:start] + b"\0garbage" * 20)):
            with self.subTest(name):
                row = self.arrive(build_picture_mail(name, raw))
                self.assertEqual((row.state, row.item_id.attachment_ids.raw), ("done", raw), row.reason)

    def test_a_broken_picture_holds_up_no_mail(self):
        """Pillow's word about one had a NUL in it, which no reason can keep: all mail of the desk waited behind it."""
        def stumble(*_args, **_options):
            raise OSError("no attribute chunk_\0\0IE")

        self.patch(image, "ImageProcess", stumble)
        broken = start_early(draw(1, 1))
        mails = (build_picture_mail("Broken", broken), build_mail("jana@x.example", "support@severka.example", "After"))
        rows = self.env["servicedesk.intake"].union(*(
            self.env["servicedesk.intake"]._store(mail.as_bytes(), self.support) for mail in mails))
        self.run_job("cron_intake_1")
        self.assertEqual(rows.mapped("state"), ["done", "done"], rows.mapped("reason"))
        self.assertEqual(rows.item_id.attachment_ids.raw, broken)
