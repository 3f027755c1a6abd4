-- A copy of a desk must reach nobody: Odoo runs this after its own (`odoo neutralize`), which silences jobs and servers.
-- SMS gateways: no account, an address that never resolves (RFC 2606), so that queued SMS fail where they stand.
UPDATE servicedesk_sms_gateway
   SET active = false,
       url = 'https://neutralized.invalid',
       username = 'neutralized',
       password = NULL;

-- callbacks: addresses and secrets that a provider knows belong to the original; so does the address we tell it
UPDATE servicedesk_sms_gateway
   SET token = 'neutralized-' || id || '-' || md5(random()::text || clock_timestamp()::text || id),
       secret = md5(random()::text || clock_timestamp()::text || token),
       callback_base = NULL;

-- mailboxes of departments are drafts without a password: restored from the archive, they are not read either
UPDATE fetchmail_server
   SET active = false,
       state = 'draft',
       password = NULL
 WHERE department_id IS NOT NULL;

-- outgoing servers of departments are nobody's: their mail goes to the dummy server that Odoo puts up
UPDATE servicedesk_department
   SET mail_server_id = NULL;
UPDATE ir_mail_server
   SET active = false,
       smtp_pass = NULL
 WHERE servicedesk_department_id IS NOT NULL;
