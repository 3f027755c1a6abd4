from . import ban_senders, change_tickets, file_attachments, hand_over, merge_tickets, run_macro, sms_test, split_items
