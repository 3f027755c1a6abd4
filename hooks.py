def post_init_hook(env):
    """Have mailboxes read every minute: Odoo's five are long for somebody who waits for an answer.

    List whose address in this database nobody has proven (docs/security.md).
    """
    cron = env.ref("mail.ir_cron_mail_gateway_action", raise_if_not_found=False)
    if cron and (cron.interval_number, cron.interval_type) == (5, "minutes"):
        cron.interval_number = 1
    env["servicedesk.address.claim"]._list_doubtful()
