from odoo.tests import BaseCase

from ...tools.mail import addresses, mail_text, mime, threading


class TestAddresses(BaseCase):
    def test_split(self):
        for text, expected in (
            ("Jana Nová <Jana@Acme.cz>", [("Jana Nová", "jana@acme.cz")]),
            ('"Nová, Jana" <j@a.cz>, b@c.cz', [("Nová, Jana", "j@a.cz"), ("", "b@c.cz")]),
            ("undisclosed-recipients:;", []),
            ("A: x@y.cz, z@y.cz;", [("", "x@y.cz"), ("", "z@y.cz")]),
            ("nobody", []), ("", []), (None, []),
            ("a@b.cz a@b.cz", [("", "a@b.cz")]),
        ):
            self.assertEqual(addresses.split(text), expected, text)


class TestThreadingTools(BaseCase):
    def test_numbers(self):
        self.assertEqual(threading.numbers_in("Re: [sd-10482] VPN 10"), ["SD-10482"])
        self.assertEqual(threading.numbers_in("SD-10482/SD-10483"), ["SD-10482/SD-10483"])

    def test_subject(self):
        self.assertEqual(threading.subject_with_number("Re: [SD-1001] VPN [sd-1001]", "SD-1001"), "Re: VPN [SD-1001]")
        self.assertEqual(threading.reply_subject("AW: Re: Odp: VPN"), "Re: VPN")

    def test_references_stay_short(self):
        chain = " ".join(f"<{n}@x>" for n in range(50))
        self.assertEqual(threading.references_for("<p@x>", chain).split()[0], "<0@x>")
        self.assertEqual(threading.references_for("<p@x>", chain).split()[-1], "<p@x>")
        self.assertEqual(len(threading.references_for("<p@x>", chain).split()), 12)


class TestMailText(BaseCase):
    def test_preview_leaves_quotes_out(self):
        body = "<p>Yes,  <b>do</b> it</p><blockquote>Shall we?</blockquote><p>Jana</p>"
        self.assertEqual(mail_text.preview(body), "Yes, do it Jana")
        self.assertEqual(mail_text.preview("<blockquote>all</blockquote>"), "all")
        self.assertEqual(mail_text.preview(""), "")
        self.assertEqual(len(mail_text.preview("<p>%s</p>" % ("x" * 500))), 160)

    def test_text_to_html(self):
        html = mail_text.text_to_html("Hi <b>\nthere\n\n> old\n> words\nnew")
        self.assertEqual(html, '<p>Hi &lt;b&gt;<br/>there</p><blockquote data-o-mail-quote="1">old<br/>words'
                               "</blockquote><p>new</p>")


class TestMime(BaseCase):
    def test_charsets(self):
        text = "Příliš žluťoučký kůň úpěl ďábelské ódy"
        for codec, declared in (("utf-8", "utf-8"), ("cp1250", "windows-1250"), ("iso8859-2", "iso-8859-2"),
                                ("cp1250", "unknown-8bit"), ("utf-8", ""), ("utf-8", "us-ascii"),
                                ("cp1250", "utf-8")):
            head = f"Content-Type: text/plain; charset={declared}\n" if declared else ""
            raw = b"From: a@b.cz\n" + head.encode() + b"\n" + text.encode(codec)
            self.assertEqual(mime.parse(raw).text.strip(), text, (codec, declared))

    def test_raw_bytes_and_broken_words_in_headers(self):
        raw = "Subject: Dobrý den\nFrom: =?utf-8?Q?Jana_Nov=C3?= =?utf-8?Q?=A1?= <j@a.cz>\n\nx".encode("cp1250")
        mail = mime.parse(raw)
        self.assertEqual(mail.subject, "Dobrý den")
        self.assertEqual(mail.sender, "Jana Nová <j@a.cz>")

    def test_anything_goes_in(self):
        for raw in (b"", b"\x00\xff", b"Subject", b"Content-Type: multipart/mixed\n\nx", b"\n\n\n"):
            self.assertIsInstance(mime.parse(raw), mime.Mail)
