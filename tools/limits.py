"""Sizes and rates of what comes from outside, all of them, each with its reason.

docs/operations.md lists them for people.

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
SHOWN_PART = 250_000  # what opens at a click; what is behind it waits for another

# ---- mail in: what one message may cost. Beyond these it is filed all the same, with what was read and its original.
MAIL_READING_SECONDS = 20  # for one mail; what is left then is kept as a file
MAIL_PARTS, MAIL_DEPTH = 500, 30  # of a mail in parts; the largest real ones have some 60, and lie 8 deep
MAIL_FORWARDS = 3  # mails within mails that are read; further ones stay files
MAIL_BOUNDARIES = 1_000  # lines that part a mail from another
MAIL_FIELDS, MAIL_HEAD = 2_000, 1_000_000  # fields and bytes of one head
# Bytes of a field, of one that is kept as it came, and how many of these.
MAIL_FIELD, MAIL_RAW_FIELD, MAIL_RAW_FIELDS = 128_000, 4_000, 50
MAIL_ID = MAIL_SUBJECT = 998  # RFC 5322 §2.1.1
MAIL_TEXT = 500_000  # letters of a body; what is longer becomes a file
MAIL_TEXT_SHOWN = 100_000  # of what became a file, so many are shown
MAIL_HTML, MAIL_TAGS, MAIL_HTML_DEPTH = 2_000_000, 60_000, 200  # of HTML; libxml2 drops what lies deeper than 256
MAIL_WINMAIL, MAIL_WINMAIL_OBJECTS = 40_000_000, 5_000  # of Outlook's winmail.dat
MAIL_RESULTS = 4_000  # letters of Authentication-Results (RFC 8601)
RULE_TEXT = 20_000  # letters of a message in which rules look for words

# ---- mail out: what answers by itself, so that two robots do not write to each other for ever
AUTOMATIC_PER_SENDER = 5  # an hour
AUTOMATIC_PER_DEPARTMENT = 200  # an hour

# ---- screens (RPC): what one call gives back
FEED_PAGE = 30  # entries of a time line at once
SEARCH_HITS, SEARCH_WORDS = 500, 8  # of a search in a ticket

# ---- SMS out: an SMS costs money
SMS_SEGMENTS = 10  # of one text
SMS_RECIPIENTS = 50  # of one item

# ---- SMS: callbacks of gateways
SMS_CALLBACK_BYTES = 65_536  # a callback is one message or one report; the longest (255 parts, JSON) takes 40,000
# Callbacks that prove nothing, a minute: of one address, of all together. What is more leaves no trace but status 429.
# Only what has not proved who it is counts and is answered so; the gateway itself is never kept waiting by others.
SMS_REFUSED_PER_ADDRESS = 20
SMS_REFUSED = 200
SMS_REPEATS = timedelta(minutes=10)  # the same again is the gateway repeating itself; later it is somebody else
SMS_KEPT_DAYS = 90
