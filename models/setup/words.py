from odoo import api, models

from ...tools.mail.mailbox_check import PORTS

CERTIFICATE_PROBLEMS = ("expired", "wrong_name", "untrusted")


class ServicedeskFirstSteps(models.AbstractModel):
    """What is wrong with a mail account and what to do, in the user's language."""

    _inherit = "servicedesk.first.steps"

    @api.model
    def _get_problem(self, failure, account, sender=""):
        """Return ``{problem, title, advice, answer, fix}`` of a CheckFailed.

        ``fix`` is ``{label, values}`` of a change of the form that probably helps, or False.
        """
        title, advice = self._get_problem_words(account, sender)[failure.problem]
        return {"problem": failure.problem, "title": title, "advice": advice, "answer": failure.answer,
                "fix": self._get_fix(failure.problem, account)}

    def _get_fix(self, problem, account):
        encryption = {"wants_ssl": "ssl", "no_starttls": "ssl",
                      "not_ssl": "starttls" if account.kind == "smtp" else False}.get(problem)
        if problem == "wants_ssl" and account.kind == "smtp" and account.port in (25, 587):
            encryption = "starttls"
        if encryption:
            port = PORTS[account.kind, encryption]
            if problem == "wants_ssl" and account.port not in PORTS.values():
                port = account.port  # a port of somebody's own choice; only the encryption was wrong
            name = "SSL/TLS" if encryption == "ssl" else "STARTTLS"
            return {"label": self.env._("Use %(encryption)s on port %(port)s", encryption=name, port=port),
                    "values": {"encryption": encryption, "port": port}}
        if problem in CERTIFICATE_PROBLEMS:
            return {"label": self.env._("Accept this server without a valid certificate"), "values": {"verify": False}}
        return False

    def _get_problem_words(self, account, sender):
        host, port = account.host, account.port
        return {
            **self._get_connection_words(host, port),
            **self._get_encryption_words(host, port),
            **self._get_login_words(account),
            "folder": (
                self.env._("The mailbox has no folder “%s”.", account.folder),
                self.env._("Sign in to the webmail once: some providers make the folder only then.")),
            "sender": (
                self.env._("The server does not let mail leave from %s.", sender),
                self.env._("Sign in with the account of this very address, or let the provider allow the address as "
                           "a sender.")),
            "recipient": (
                self.env._("The server does not take mail for %s.", sender),
                self.env._("Does this address exist? A server that refuses to pass mail on usually wants a login and "
                           "password.")),
        }

    def _get_connection_words(self, host, port):
        return {
            "name": (
                self.env._("There is no server “%s”.", host),
                self.env._("Look for a typing error. The provider's help lists the name under “settings for mail "
                           "programs”.")),
            "address": (
                self.env._("“%s” cannot be a mail server.", host),
                self.env._("The name leads to a local address (localhost). Enter the provider's server.")),
            "nothing": (
                self.env._("No mail server is running at %(host)s on port %(port)s.", host=host, port=port),
                self.env._("The port is probably wrong, or the server is down. Usual ports: IMAP 993, POP3 995, SMTP "
                           "465 or "
                  "587.")),
            "unreachable": (
                self.env._("%s cannot be reached from here.", host),
                self.env._("Perhaps a firewall stands between, or the Odoo server has no access to the internet. "
                           "Ask your administrator.")),
            "silence": (
                self.env._("%(host)s did not answer in time on port %(port)s.", host=host, port=port),
                self.env._("Check name and port. Firewalls, and providers that block port 25, answer with silence "
                           "too.")),
            "closed": (
                self.env._("%(host)s ended the connection on port %(port)s.", host=host, port=port),
                self.env._("Mostly port and encryption do not belong together: 993, 995 and 465 want SSL/TLS.")),
            "protocol": (
                self.env._("What answers at %(host)s on port %(port)s is another kind of "
                           "server.", host=host, port=port),
                self.env._("Check the kind and the port: IMAP 993, POP3 995, SMTP 465 or 587.")),
        }

    def _get_encryption_words(self, host, port):
        return {
            "wants_ssl": (
                self.env._("The server wants an encrypted connection."),
                self.env._("Choose the encryption below and try again.")),
            "not_ssl": (
                self.env._("Port %(port)s of %(host)s does not use SSL/TLS from the start of the connection.",
                            host=host, port=port),
                self.env._("Use the port for SSL/TLS: IMAP 993, POP3 995, SMTP 465; or STARTTLS on 587 for SMTP.")),
            "old_ssl": (
                self.env._("No common encryption could be agreed on with %s.", host),
                self.env._("The server is too old, or set up wrongly. Its administrator has to allow TLS 1.2.")),
            "no_starttls": (
                self.env._("The server does not offer STARTTLS on port %s.", port),
                self.env._("Use SSL/TLS on port 465.")),
            "expired": (
                self.env._("The certificate of %s has expired.", host),
                self.env._("Whoever runs the server has to renew it. Until then nobody can tell it from a false one.")),
            "wrong_name": (
                self.env._("The certificate belongs to another server than %s.", host),
                self.env._("Enter the name that the provider gives, not one of your own domain that only leads "
                           "there.")),
            "untrusted": (
                self.env._("The certificate of %s was not issued by a trusted authority.", host),
                self.env._("Servers of one's own often sign their certificate themselves. Accept it only if this is "
                           "yours.")),
        }

    def _get_login_words(self, account):
        return {
            "login": (
                self.env._("The server refused the login “%s” or its password.", account.user),
                self.env._("The login is often the whole e-mail address. Try the same password in the webmail.")),
            "letters": (
                self.env._("Login or password contain letters that cannot be sent to mail servers."),
                self.env._("Choose a password without accents.")),
            "app_password": (
                self.env._("The provider wants a password for applications."),
                self.env._("Make one in the security settings of the account, and enter it here instead of the usual "
                           "one.")),
            "oauth": (
                self.env._("The provider no longer takes passwords from programs."),
                self.env._("Microsoft 365 and Google sign in through their own page: install Odoo's add-on Microsoft "
                           "Outlook "
                  "or Google Gmail, and add the server in Odoo's settings.")),
            "disabled": (
                self.env._("The provider has IMAP or POP3 switched off for this mailbox."),
                self.env._("Switch it on in the settings of the webmail, and try again.")),
            "later": (
                self.env._("The server is temporarily unavailable. Try again later."),
                self.env._("There were too many attempts, or it is being repaired. Try again in a few minutes.")),
            "no_login": (
                self.env._("The server takes no login."),
                self.env._("Leave login and password empty, or use the port for sending with a login: 465 or 587.")),
            "wants_login": (
                self.env._("The server wants a login and password before it takes mail."),
                self.env._("Enter the same as for the mailbox; most providers use one for both.")),
        }

    @api.model
    def _get_provider_notes(self):
        """Return ``{key of a provider's note: words}``."""
        return {
            "google": self.env._("Google takes an app password here (account → Security → 2-step verification), or "
                                 "signs in "
                        "through its own page with Odoo's add-on Google Gmail."),
            "microsoft": self.env._("Microsoft no longer takes passwords from programs. Install Odoo's add-on "
                                    "Microsoft "
                           "Outlook and add the server in Odoo's settings."),
            "app_password": self.env._("With two-step verification this provider wants a password for applications, "
                                       "made in "
                              "the account's security settings."),
            "switched_off": self.env._("Allow POP3 and IMAP in the settings of the webmail first."),
        }
