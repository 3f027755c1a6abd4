"""SMTP → LMTP relay for ordinary users, in place of Postfix: `python -m dev.relay SMTP_PORT LMTP_PORT`.

Runs in the virtual environment. It keeps the envelope and answers 250 only after LMTP took the message for every
recipient: nothing is queued here, so nothing can be lost here.
"""
import asyncio
import smtplib
import sys

from aiosmtpd.smtp import SMTP

MAX_SIZE = 52_428_800


class Relay:
    def __init__(self, lmtp_port):
        self.lmtp_port = lmtp_port

    async def handle_DATA(self, server, session, envelope):
        return await asyncio.to_thread(self.forward, envelope)

    def forward(self, envelope):
        """Answer for the client: 250, or what LMTP said first against a recipient; 451 when LMTP is not there."""
        try:
            with smtplib.LMTP("127.0.0.1", self.lmtp_port, timeout=60) as lmtp:
                lmtp.ehlo_or_helo_if_needed()
                answers = [lmtp.mail(envelope.mail_from, ["BODY=8BITMIME"])]
                answers += [lmtp.rcpt(recipient) for recipient in envelope.rcpt_tos]
                if refused := next((answer for answer in answers if answer[0] >= 300), None):
                    return f"{refused[0]} {refused[1].decode(errors='replace')}"
                lmtp.docmd("DATA")
                lmtp.send(dotted(envelope.original_content))
                answers = [lmtp.getreply() for _recipient in envelope.rcpt_tos]  # LMTP answers once per recipient
        except (OSError, smtplib.SMTPException) as error:
            return f"451 {error}".replace("\n", " ")
        code, text = max(answers, key=lambda answer: answer[0])
        return f"{code} {text.decode(errors='replace')}".replace("\n", " ")


def dotted(content):
    """Content as it goes over the wire (RFC 5321, 4.5.2): CRLF at the end, leading dots doubled, closing dot."""
    lines = content.removesuffix(b"\r\n").split(b"\r\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"


class Server(SMTP):
    line_length_limit = 2**20  # real mail has longer lines than the RFC allows


async def serve(smtp_port, lmtp_port):
    def connection():
        return Server(Relay(lmtp_port), data_size_limit=MAX_SIZE, enable_SMTPUTF8=True, hostname="relay.localhost")

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", smtp_port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(*map(int, sys.argv[1:3])))
