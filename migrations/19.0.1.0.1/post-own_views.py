"""Views of ours that only added to other views of ours are written out in those.

Odoo removes the former records at the end of this update, and with them every view that inherits them. What an
administrator hung on them is hung on the view that has their content now, and translations changed by hand go along.
"""
from odoo import SUPERUSER_ID, api

FORMER = {  # view that has the content now → endings of the former ids
    "servicedesk_department_view_form": "assignment channels life notice requester_message sending sla sms",
    "servicedesk_intake_view_form": "sms",
    "servicedesk_intake_view_list": "sms",
    "servicedesk_intake_view_search": "sms",
    "servicedesk_ticket_view_form": "assignment family life macro merge sla sms",
    "servicedesk_ticket_view_kanban": "life sla",
    "servicedesk_ticket_view_list": "life sla",
    "servicedesk_ticket_view_search": "assignment life sla",
    "res_partner_view_form": "files note",
    "res_users_view_form_preferences": "keys quiet",
}


def migrate(cr, _version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for heir_name, endings in FORMER.items():
        heir = env.ref(f"servicedesk.{heir_name}")
        for ending in endings.split():
            former = env.ref(f"servicedesk.{heir_name}_{ending}", raise_if_not_found=False)
            if former:
                _hand_over_children(former, heir)
                _hand_over_translations(former, heir)


def _hand_over_children(former, heir):
    """By SQL: a check would see the content twice as long as the former view is there."""
    former.env.cr.execute(
        """UPDATE ir_ui_view SET inherit_id = %s WHERE inherit_id = %s AND NOT EXISTS (
               SELECT FROM ir_model_data
                WHERE model = 'ir.ui.view' AND res_id = ir_ui_view.id AND module = 'servicedesk')""",
        (heir.id, former.id))
    former.env["ir.ui.view"].invalidate_model(["inherit_id", "inherit_children_ids"])


def _hand_over_translations(former, heir):
    """A term may be indented anew, so that white space does not count."""
    field = former._fields["arch_db"]
    stored = field._get_stored_translations(former)
    source = stored.pop("en_US")
    active = {code for code, _name in former.env["res.lang"].get_installed()}
    stored = {lang: arch for lang, arch in stored.items() if lang in active}
    terms = {" ".join(term.split()): term for term in field.get_trans_terms(heir.with_context(lang="en_US").arch_db)}
    translations = {lang: {} for lang in stored}
    for term, by_lang in field.get_translation_dictionary(source, stored).items():
        target = terms.get(" ".join(term.split()))
        for lang, text in by_lang.items():
            if target and text != term:
                translations[lang][target] = text
    heir._update_field_translations("arch_db", translations)
