# why something is as it is: stored as codes, read in words
from . import reasons

# HTML that somebody wrote, cleaned where it is stored
from . import html

# who sees what, who may change what
from . import access

# one loop for all work that waits, and what it sets aside
from . import queue

# departments and the lists that belong to them
from . import department

# the ticket: fields, states, family, what happens by the clock
from . import ticket

# one message: draft, queue, schedule, hand-over to the mail server
from . import item

# history, the feed, who reads, who is here, search
from . import timeline

# attachments of items, files of a client
from . import files

# canned texts and their variables
from . import template

# who gets a ticket, who stands in for whom, preferences
from . import people

# contacts, notes, services, tasks
from . import client

# merging and its undo
from . import merge

# the ledger and the way in by mail
from . import intake

# calls and meetings
from . import call

# gateways, queue, callbacks, the way in by SMS
from . import sms

# what agents are told
from . import notice

# policies, clocks, alarms, escalation
from . import sla

# rules, macros, automatic mails
from . import automation

# what one does with an item (as static/src/backend/item/item_menu)
from . import item_menu

# first steps, settings, demo door
from . import setup
