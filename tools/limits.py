"""Sizes and rates of what comes from outside, all of them, each with its reason; docs/operations.md lists them for people.

What is larger is refused, cut or shown in parts, never lost without a word. Sizes of texts are letters, of files bytes.
"""
from datetime import timedelta

# ---- portal: what one customer may send. Somebody who works fast stays far below; a script does not.
PORTAL_SUBJECT = 250  # what a list still shows
PORTAL_TEXT = 100_000  # some 40 pages; what is longer is a log, and belongs into a file
PORTAL_FILES = 20
PORTAL_FILE_BYTES = 25 * 2**20  # what most mail servers take, so that every file can be passed on
PORTAL_REQUEST_BYTES = 60 * 2**20  # text and files together, known before anything is read
PORTAL_DRAIN_BYTES = 4 * PORTAL_REQUEST_BYTES  # read and thrown away, so that the browser gets to see the answer
PORTAL_PERIOD = timedelta(hours=1)
PORTAL_KEPT = timedelta(days=1)  # how long is known who sent from which address
# New requests and messages (requests among them) within PORTAL_PERIOD: of one person, of all people of one customer,
# from one address. An address may be a whole office or a mobile operator's, so it is the widest.
PORTAL_REQUESTS = {"person": 10, "client": 40, "address": 80}
PORTAL_MESSAGES = {"person": 60, "client": 240, "address": 480}

# ---- what a screen renders at once, in every channel: a browser lays out a page of text in milliseconds, a megabyte of
# it in many seconds. The rest is shown when somebody asks for it.
SHOWN_LETTERS = 50_000
SHOWN_PREVIEW = 2_000

# ---- SMS: callbacks of gateways
SMS_CALLBACK_BYTES = 65_536  # a callback is one message or one report; the longest (255 parts, JSON) takes 40,000
# Callbacks that prove nothing, a minute: of one address, of all together. What is more leaves no trace but status 429.
# Only what has not proved who it is counts and is answered so; the gateway itself is never kept waiting by others.
SMS_REFUSED_PER_ADDRESS = 20
SMS_REFUSED = 200
SMS_REPEATS = timedelta(minutes=10)  # the same again is the gateway repeating itself; later it is somebody else
SMS_KEPT_DAYS = 90
