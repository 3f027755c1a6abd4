"""Notes on clients are read by those alone who work for the client: what is stored got a name of its own."""


def migrate(cr, _version):
    cr.execute("""SELECT count(*) FROM information_schema.columns WHERE table_name = 'res_partner'
                     AND column_name IN ('servicedesk_note', 'servicedesk_kept_note')""")
    if cr.fetchone() == (1,):
        cr.execute("ALTER TABLE res_partner RENAME COLUMN servicedesk_note TO servicedesk_kept_note")
