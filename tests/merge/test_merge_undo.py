from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"


class TestUndoneMerge(ServicedeskCase):
    """Answers and drafts that were written between a merge and its undo."""

    def setUp(self):
        super().setUp()
        self.survivor = self.arrive(build_mail(JANA, "support@severka.example", "VPN")).ticket_id
        self.source = self.arrive(build_mail(JANA, "support@severka.example", "Network", "Down")).ticket_id
        self.Item = self.env["servicedesk.item"].with_user(self.agent)

    def merge(self):
        return self.env["servicedesk.merge"].with_user(self.agent)._merge(
            self.survivor | self.source, self.survivor)

    def draft(self, ticket, reply_to=False):
        start = self.Item.prepare_draft(ticket.id, "email", reply_to_id=reply_to)
        return self.Item.browse(self.Item.save_draft(ticket.id, "email", {**start, "body": "<p>Hello</p>"}))

    def test_a_draft_that_was_turned_to_another_item_goes_back(self):
        draft = self.draft(self.source)
        merge = self.merge()
        self.assertEqual(draft.ticket_id, self.survivor)
        self.draft(self.survivor, reply_to=self.survivor.item_ids[0].id)
        merge.action_undo()
        self.assertEqual((draft.ticket_id, draft.parent_item_id), (self.source, self.Item))

    def test_a_new_draft_that_answers_what_went_back_can_still_be_saved(self):
        mail = self.source.item_ids
        merge = self.merge()
        draft = self.draft(self.survivor, reply_to=mail.id)
        merge.action_undo()
        self.assertEqual(mail.ticket_id, self.source)
        self.assertFalse(draft.parent_item_id)
        start = self.Item.prepare_draft(self.survivor.id, "email")
        self.Item.save_draft(self.survivor.id, "email", {**start, "body": "<p>More</p>"})

    def test_a_second_draft_on_the_source_does_not_hold_up_the_undo(self):
        draft = self.draft(self.source)
        merge = self.merge()
        late = self.draft(self.source)  # from a screen that has not heard of the merge
        merge.action_undo()
        self.assertEqual(self.source.state, "open")
        self.assertEqual({draft.ticket_id, late.ticket_id}, {self.source, self.survivor})
