# what one sees
from . import scope, exporting

# what settings have in common
from . import cached_settings

# around the ticket
from . import category, department, department_lifecycle, membership, status, tag, template, user_signature
from . import substitution

# the ticket, its items and its history
from . import ticket
from . import event, item, item_draft, item_delivery, item_schedule, item_share, live, timeline
from . import address_lookup, item_recipient, presence, read, ticket_search
from . import template_variables, template_category, template_picker
from . import acknowledgement, ban, service, timeline_context
from . import client_files, item_files
from . import closing_notice, event_lifecycle
from . import merge, merge_move, merge_clocks, merge_undo

# other channels
from . import call_log, department_channels, item_call, item_meeting

# SMS
from . import sms_gateway, sms_gateway_generic, sms_message, sms_callback, sms_department, sms_ticket, item_sms
from . import sms_ban
from . import sms_timeline

# who is told of what
from . import assignment, substitution_marks, team
from . import ticket_rights
from . import notice, notice_inbox, notice_mail, notice_triggers, notice_sms, watching, reply_address

# promises: what is promised, the clocks that run, who is told
from . import sla_calendar, sla_policy, sla_clock, sla_ticket, sla_timeline, escalation, sla_alarm
from . import sla_recount

# the way in
from . import intake, intake_filing, intake_policy, intake_own_answer, sms_intake

# what happens to messages by itself
from . import macro, requester_message, rule, rule_intake

# what one does with an item
from . import item_draft_windows
from . import item_discussion, item_follow_up, item_forward, item_split, res_partner_note

# extended models of Odoo
from . import fetchmail_server, ir_attachment, ir_http, ir_mail_server, mail_thread, project_task, res_partner
from . import sms_odoo, sms_partner
from . import res_users_departments, res_users_keys

# setting up
from . import first_steps, first_steps_mail, first_steps_words, first_steps_test, res_config_settings

# the door of the demo's loader
from . import demo
