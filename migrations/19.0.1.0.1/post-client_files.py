"""Files of clients know the department and the company of the ticket that they came from."""


def migrate(cr, _version):
    cr.execute("""UPDATE servicedesk_client_file file
                     SET department_id = ticket.department_id, company_id = ticket.company_id
                    FROM servicedesk_item item JOIN servicedesk_ticket ticket ON ticket.id = item.ticket_id
                   WHERE item.id = file.source_item_id""")
