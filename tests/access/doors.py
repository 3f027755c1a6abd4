"""Every public method that our models have from Odoo: how it is called, and for whom it opens."""

NOBODY = "nobody"  # refused to whoever calls it, also to those who see the record
SEER = "seer"  # for those who see the record; to all others it answers as if there were none
PUBLIC = "public"  # it answers about the caller or what is open to all: there is nothing of the record in it

MESSAGE = {"body": "hello", "message_type": "comment"}
PARTNER = "partner"  # id of a contact that everybody has: the caller's own
MAIL = "From: eve@elsewhere.example\nTo: x@y.example\nSubject: s\nMessage-ID: <eve@elsewhere.example>\n\nhello"

# name → (for whom, arguments, keyword arguments); ``own`` stands for the record's id, ``field`` for a field of it.
MAIL_METHODS = {
    # the gateway's
    "message_process": (NOBODY, ["servicedesk.ticket", MAIL], {}),
    "message_route": (NOBODY, [MAIL, {}, "servicedesk.ticket", "own"], {}),
    "message_parse": (NOBODY, [MAIL], {}),
    "message_new": (NOBODY, [{"subject": "x", "email_from": "eve@elsewhere.example"}], {}),
    "message_update": (NOBODY, [{}, {"subject": "x"}], {}),
    # the thread
    "message_post": (SEER, [], MESSAGE),
    "message_post_with_source": (SEER, ["mail.message_origin_link"], {"render_values": {"origin": ""}}),
    "message_mail_with_source": (NOBODY, ["mail.message_origin_link"], {}),
    "message_notify": (SEER, [], {"body": "hello", "partner_ids": [PARTNER]}),
    "message_subscribe": (SEER, [], {"partner_ids": [PARTNER]}),
    "message_unsubscribe": (PUBLIC, [], {"partner_ids": [PARTNER]}),
    "message_get_followers": (SEER, [], {}),
    "message_change_thread": (NOBODY, ["own"], {}),
    "notify_cancel_by_type": (PUBLIC, ["email"], {}),
    # activities
    "action_reschedule_my_next_nextweek": (SEER, [], {}),
    "action_reschedule_my_next_today": (SEER, [], {}),
    "action_reschedule_my_next_tomorrow": (SEER, [], {}),
    "activity_feedback": (SEER, [["mail.mail_activity_data_todo"]], {"only_automated": False}),
    "activity_reschedule": (
        SEER, [["mail.mail_activity_data_todo"]], {"date_deadline": "2030-01-01", "only_automated": False}),
    "activity_schedule": (SEER, ["mail.mail_activity_data_todo"], {"summary": "hello"}),
    "activity_search": (SEER, [["mail.mail_activity_data_todo"]], {"only_automated": False}),
    "activity_send_mail": (SEER, [0], {}),
    "activity_unlink": (SEER, [["mail.mail_activity_data_todo"]], {"only_automated": False}),
    # ratings
    "rating_apply": (NOBODY, [5], {"token": "x"}),
    "rating_send_request": (NOBODY, ["x"], {}),
}
FILE_METHODS = {
    "action_get": (PUBLIC, [], {}),
    "check": (SEER, ["read"], {}),
    "create_unique": (PUBLIC, [[]], {}),
    "force_storage": (NOBODY, [], {}),
    "generate_access_token": (SEER, [], {}),
    "get_serving_groups": (PUBLIC, [], {}),
    "regenerate_assets_bundles": (NOBODY, [], {}),
    "register_as_main_attachment": (PUBLIC, [], {}),
}
ID = [["id", "=", "own"]]
BASE_METHODS = {
    "action_archive": (SEER, [], {}),
    "action_unarchive": (SEER, [], {}),
    "check_access_rights": (PUBLIC, ["read"], {"raise_exception": False}),
    "check_access_rule": (SEER, ["read"], {}),
    "check_field_access_rights": (PUBLIC, ["read", ["field"]], {}),
    "copy": (SEER, [], {}),
    "copy_data": (SEER, [], {}),
    "copy_translations": (PUBLIC, ["own"], {}),
    "create": (PUBLIC, [[]], {}),
    "default_get": (PUBLIC, [["field"]], {}),
    "export_data": (SEER, [["id", "field"]], {}),
    "fields_get": (PUBLIC, [], {}),
    "formatted_read_group": (PUBLIC, [ID, ["field"], ["__count"]], {}),
    "formatted_read_grouping_sets": (PUBLIC, [ID, [["field"]], ["__count"]], {}),
    "get_base_url": (PUBLIC, [], {}),
    "get_empty_list_help": (PUBLIC, ["x"], {}),
    "get_external_id": (PUBLIC, [], {}),
    "get_field_translations": (SEER, ["field"], {}),
    "get_formview_action": (PUBLIC, [], {}),
    "get_formview_id": (PUBLIC, [], {}),
    "get_import_templates": (PUBLIC, [], {}),
    "get_metadata": (SEER, [], {}),
    "get_property_definition": (PUBLIC, ["properties.x"], {}),
    "get_view": (PUBLIC, [], {}),
    "get_views": (PUBLIC, [[[False, "list"]]], {}),
    "has_access": (PUBLIC, ["read"], {}),
    "load": (PUBLIC, [["id", "field"], []], {}),
    "mail_allowed_qweb_expressions": (PUBLIC, [], {}),
    "mail_get_partner_fields": (PUBLIC, [], {}),
    "name_create": (PUBLIC, [""], {}),
    "name_search": (PUBLIC, ["secret"], {}),
    "onchange": (PUBLIC, [{"field": "x"}, [], {"field": {}, "display_name": {}}], {}),
    "read": (SEER, [["field"]], {}),
    "read_group": (PUBLIC, [ID, ["field"], ["field"]], {}),
    "read_progress_bar": (PUBLIC, [ID, "field", {"field": "field", "colors": {}}], {}),
    "search": (PUBLIC, [ID], {}),
    "search_count": (PUBLIC, [ID], {}),
    "search_panel_select_multi_range": (PUBLIC, ["field"], {}),
    "search_panel_select_range": (PUBLIC, ["field"], {}),
    "search_read": (PUBLIC, [ID, ["field"]], {}),
    "toggle_active": (SEER, [], {}),
    "unlink": (SEER, [], {}),
    "update_field_translations": (SEER, ["field", {"en_US": "x"}], {}),
    "view_header_get": (PUBLIC, [False, "form"], {}),
    "web_name_search": (PUBLIC, ["secret", {"field": {}}], {}),
    "web_override_translations": (SEER, [{"field": "x"}], {}),
    "web_read": (SEER, [{"field": {}}], {}),
    "web_read_group": (PUBLIC, [ID, ["field"], ["__count"]], {}),
    "web_resequence": (SEER, [{}, "field"], {}),
    "web_save": (SEER, [{"field": "x"}, {"field": {}}], {}),
    "web_save_multi": (SEER, [[{"field": "x"}], {"field": {}}], {}),
    "web_search_read": (PUBLIC, [ID, {"field": {}}], {}),
    "write": (SEER, [{"field": "x"}], {}),
}
METHODS = MAIL_METHODS | FILE_METHODS | BASE_METHODS
# Who calls them from outside by ``/json/2/<model>/<method>``: whether there is anything for this user.
JSON2_USERS = {"employee": False, "customer": False, "specialist": True}
# What of them only reads: whoever sees the record gets it there, too.
JSON2_READS = ("search_read", "read", "web_read", "web_search_read", "search_count", "has_access")
# model → the field of its sample by which one would know it
KNOWN_BY = {
    "servicedesk.ticket": "subject", "servicedesk.item": "body", "servicedesk.intake": "subject",
    "servicedesk.client.file": "name", "ir.attachment": "name",
}
# Who calls it makes something new and unbound; there is nothing of anybody else's in it.
CREATING = {"name_create"}
# What a method may answer where there is no such record: nothing follows from it.
NOTHING = {"None", "False", "True", "[]", "{}"}
