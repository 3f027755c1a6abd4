"""A small message centre (SMPP 3.4) on loopback for Kannel to speak with: `python -m dev.smsc PORT CONTROL-PORT`.

Control: one JSON object a line. `{"do": "mo", "from": …, "to": …, "text": …}` lets an SMS come in, in parts where it is
long; `{"do": "log"}` answers with the messages that were submitted, one JSON object a line, then an empty line;
`{"do": "ready"}` with `yes` once Kannel is connected.

A number decides the fate of a message to it: ending in 99 it is undeliverable, 98 it expires, 97 it is refused at once,
96 nothing is ever reported, 95 it is delivered and reported twice; all others are delivered.
"""
import itertools
import json
import socketserver
import struct
import sys
import threading
import time

BIND_RECEIVER, BIND_TRANSMITTER, SUBMIT, DELIVER, UNBIND, BIND_TRANSCEIVER, ENQUIRE = 1, 2, 4, 5, 6, 9, 0x15
ANSWER = 0x80000000
INVALID_DESTINATION = 0x0B
UDH, RECEIPT = 0x40, 4  # bits of esm_class
GSM, LATIN1, UCS2 = 0, 3, 8  # data_coding

submitted = []
receivers = []
message_ids = itertools.count(1)
sequence = itertools.count(1000)
references = itertools.count(1)


def pdu(command, status, number, body=b""):
    return struct.pack(">IIII", 16 + len(body), command, status, number) + body


def text(value):
    return value.encode("latin-1") + b"\0"


def read_text(data, start):
    end = data.index(b"\0", start)
    return data[start:end].decode("latin-1"), end + 1


def deliver(sender, recipient, esm_class, coding, data):
    """Body of a deliver_sm (SMPP 3.4 §4.6.1)."""
    return b"".join((
        text(""), bytes([1, 1]), text(sender), bytes([1, 1]), text(recipient), bytes([esm_class, 0, 0]), text(""),
        text(""), bytes([0, 0, coding, 0, len(data)]), data))


class Centre(socketserver.BaseRequestHandler):
    """One connection of Kannel's."""

    def handle(self):
        self.lock = threading.Lock()
        stream = self.request.makefile("rb")
        while len(head := stream.read(16)) == 16:
            length, command, _status, number = struct.unpack(">IIII", head)
            body = stream.read(length - 16)
            if command in (BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER):
                if command != BIND_TRANSMITTER:
                    receivers.append(self)
                self.answer(pdu(command | ANSWER, 0, number, text("centre")))
            elif command in (ENQUIRE, UNBIND):
                self.answer(pdu(command | ANSWER, 0, number))
            elif command == SUBMIT:
                self.submit(number, body)
        if self in receivers:
            receivers.remove(self)

    def answer(self, data):
        with self.lock:
            self.request.sendall(data)

    def submit(self, number, body):
        """Take a submit_sm (§4.4.1) into the log and report on it as its number says."""
        _service, at = read_text(body, 0)
        sender, at = read_text(body, at + 2)
        recipient, at = read_text(body, at + 2)
        esm_class = body[at]
        _schedule, at = read_text(body, at + 3)
        _validity, at = read_text(body, at)
        registered, _replace, coding, _default, length = body[at:at + 5]
        data = body[at + 5:at + 5 + length]
        header = b""
        if esm_class & UDH:
            header, data = data[:data[0] + 1], data[data[0] + 1:]
        entry = {"from": sender, "to": recipient, "coding": coding, "header": header.hex(),
                 "text": data.decode("utf-16-be" if coding & 0x0C == UCS2 else "latin-1", "replace")}
        if recipient.endswith("97"):
            submitted.append(entry | {"refused": True})
            self.answer(pdu(SUBMIT | ANSWER, INVALID_DESTINATION, number))
            return
        message_id = f"{next(message_ids):08x}"
        submitted.append(entry | {"id": message_id})
        self.answer(pdu(SUBMIT | ANSWER, 0, number, text(message_id)))
        if registered & 1 and not recipient.endswith("96"):
            for turn in range(2 if recipient.endswith("95") else 1):
                threading.Timer(0.1 + turn, self.report, (sender, recipient, message_id)).start()

    def report(self, sender, recipient, message_id):
        state = {"99": "UNDELIV", "98": "EXPIRED"}.get(recipient[-2:], "DELIVRD")
        good, now = state == "DELIVRD", time.strftime("%y%m%d%H%M")
        receipt = (f"id:{message_id} sub:001 dlvrd:00{int(good)} submit date:{now} done date:{now} stat:{state} "
                   f"err:{'000' if good else '0b1'} text:")
        body = deliver(recipient, sender, RECEIPT, GSM, receipt.encode())
        (receivers[-1] if receivers else self).answer(pdu(DELIVER, 0, next(sequence), body))


class Control(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            order = json.loads(line)
            if order["do"] == "log":
                self.wfile.write("".join(json.dumps(entry) + "\n" for entry in submitted).encode() + b"\n")
            elif order["do"] == "ready":
                self.wfile.write(b"yes\n" if receivers else b"no\n")
            elif receivers:
                bring_in(order["from"], order["to"], order["text"])
                self.wfile.write(b"ok\n")
            else:
                self.wfile.write(b"Kannel is not connected\n")


def bring_in(sender, recipient, words):
    """Let an SMS come in; a long one in parts that a header joins (3GPP TS 23.040 §9.2.3.24.1)."""
    data, coding = (words.encode("ascii"), LATIN1) if words.isascii() else (words.encode("utf-16-be"), UCS2)
    size = 140 if len(data) <= 140 else 134
    parts = [data[start:start + size] for start in range(0, len(data), size)] or [b""]
    reference = next(references) & 255
    for number, part in enumerate(parts, 1):
        header = bytes([5, 0, 3, reference, len(parts), number]) if len(parts) > 1 else b""
        body = deliver(sender, recipient, UDH if header else 0, coding, header + part)
        receivers[-1].answer(pdu(DELIVER, 0, next(sequence), body))


class Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


if __name__ == "__main__":
    control = Listener(("127.0.0.1", int(sys.argv[2])), Control)
    threading.Thread(target=control.serve_forever, daemon=True).start()
    Listener(("127.0.0.1", int(sys.argv[1])), Centre).serve_forever()
