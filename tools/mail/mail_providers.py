"""Servers of well-known mail providers, as a start that people can change. Ports and encryption as published there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Provider:
    """``incoming`` and ``outgoing``: (host, port, encryption); ``note``: what to know first, a key of the words."""

    name: str
    incoming: tuple
    outgoing: tuple
    domains: tuple = ()
    note: str = ""


def _ssl(incoming, outgoing):
    return (incoming, 993, "ssl"), (outgoing, 465, "ssl")


PROVIDERS = {
    "google": Provider("Gmail, Google Workspace", *_ssl("imap.gmail.com", "smtp.gmail.com"),
                       ("gmail.com", "googlemail.com"), "google"),
    "microsoft": Provider("Microsoft 365, Outlook", ("outlook.office365.com", 993, "ssl"),
                          ("smtp.office365.com", 587, "starttls"),
                          ("outlook.com", "hotmail.com", "live.com", "msn.com", "outlook.cz"), "microsoft"),
    "seznam": Provider("Seznam.cz, Email.cz", *_ssl("imap.seznam.cz", "smtp.seznam.cz"),
                       ("seznam.cz", "email.cz", "post.cz", "spoluzaci.cz", "stream.cz"), "app_password"),
    "centrum": Provider("Centrum.cz, Atlas.cz", *_ssl("imap.centrum.cz", "smtp.centrum.cz"),
                        ("centrum.cz", "atlas.cz", "centrum.sk", "atlas.sk")),
    "active24": Provider("Active24", *_ssl("email.active24.com", "email.active24.com")),
    "forpsi": Provider("Forpsi", *_ssl("imap.forpsi.com", "smtp.forpsi.com")),
    "wedos": Provider("WEDOS", *_ssl("wes1-imap.wedos.net", "wes1-smtp.wedos.net")),
    "icloud": Provider("iCloud", ("imap.mail.me.com", 993, "ssl"), ("smtp.mail.me.com", 587, "starttls"),
                       ("icloud.com", "me.com", "mac.com"), "app_password"),
    "yahoo": Provider("Yahoo", *_ssl("imap.mail.yahoo.com", "smtp.mail.yahoo.com"), ("yahoo.com",), "app_password"),
    "gmx": Provider("GMX", ("imap.gmx.net", 993, "ssl"), ("mail.gmx.net", 465, "ssl"),
                    ("gmx.net", "gmx.de", "gmx.at"), "switched_off"),
}


def guess(domain):
    """Return ``(key of the provider or "", incoming, outgoing)`` for an address's domain; else a shot in the dark."""
    for key, provider in PROVIDERS.items():
        if domain in provider.domains:
            return key, provider.incoming, provider.outgoing
    return ("", *_ssl(f"imap.{domain}", f"smtp.{domain}")) if domain else ("", ("", 993, "ssl"), ("", 465, "ssl"))
