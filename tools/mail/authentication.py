"""Whether a mail is from whom it says: what our own server found (RFC 8601), and From as DMARC reads it (RFC 7489).

Both are read from the bytes as they came. What is decoded for people to read may hold a ``;`` or an ``@`` that was
none on the wire.
"""

import re

import authres

from .. import limits
from . import addresses

PASSED, FAILED, UNKNOWN = "passed", "failed", "unknown"
# A server writes a few hundred letters; the parser copies the text with every token, and comments nest.
LONGEST = limits.MAIL_RESULTS
_VERSIONS = (None, "1")
# Where a result names the domain that it is about; the first that is there counts.
_ABOUT = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}
# Who signed, where the rest cannot be read.
_SIGNER = re.compile(r'\s*(?:\([^()]*\)\s*)*"?([^\s;"()]+)')
_ASIDE = re.compile(r'"(?:[^"\\]|\\.)*"|\((?:[^()\\]|\\.)*\)')  # quoted strings and comments, as they come
_MAILBOX = re.compile(rf"(?P<name>[^<>]*)<\s*(?P<address>{addresses.EMAIL.pattern})\s*>\s*")


def verdict(mail, authserv):
    """Return what is known of a mail's sender: ``passed``, ``failed``, or ``unknown``.

    :param authserv: the authserv-id of our own server; without one nobody vouches, and only a From that names nobody
        for sure has failed. Where that server said neither, such as ``dmarc=none``, it is unknown too.
    """
    sender = author(mail)
    if not sender or sender != addresses.normalize(mail.sender):
        return FAILED
    found = _read_results(mail, authserv)
    if found is None:
        return UNKNOWN
    if not isinstance(found, list):
        return FAILED if len(found) >= LONGEST or "=fail" in found.replace(" ", "").lower() else UNKNOWN
    return _judge(found, addresses.domain(sender))


def author(mail):
    """Return the one address that From names for everybody who reads it, or ``""``.

    Programs differ over several addresses, groups, and what stands around the brackets: whom DMARC looked at is not
    sure then.
    """
    if len(mail.from_fields) != 1:
        return ""
    bare = _ASIDE.sub(" ", mail.from_fields[0]).strip()
    if addresses.EMAIL.fullmatch(bare):
        return bare.lower()
    mailbox = _MAILBOX.fullmatch(bare)
    if not mailbox or re.search(r'[:;()\\"]', mailbox["name"]):  # a group, or what is not closed
        return ""
    named = {address.lower() for address in addresses.EMAIL.findall(mailbox["name"])}
    return mailbox["address"].lower() if named <= {mailbox["address"].lower()} else ""


def _read_results(mail, authserv):
    """Return the topmost results of the server named: a list, or its text where it cannot be read; else None.

    Those of other servers are nobody's word to us, and below its own a server leaves what the sender wrote (§5).
    """
    wanted = (authserv or "").strip().lower()
    for text in mail.authentication_results if wanted else ():
        signer = _SIGNER.match(text)
        if not signer or signer[1].lower() != wanted:
            continue
        if len(text) >= LONGEST:
            return text
        try:
            header = authres.parse_value(text.rstrip(" \t;"))
        except (authres.AuthResError, RecursionError):
            return text
        return header.results if header.authserv_id == wanted else text
    return None


def _judge(results, domain):
    """Tell what results say about ``domain``: DMARC decides; without it DKIM or SPF of the very domain, none failed."""
    results = [result for result in results if result.method in _ABOUT and result.version in _VERSIONS]
    failed = {result.method for result in results if result.result.lower() in ("fail", "hardfail")}
    passed = {result.method for result in results if result.result.lower() == "pass" and _is_about(result, domain)}
    if "dmarc" in failed:
        return FAILED
    if "dmarc" in passed:
        return PASSED
    if failed:
        return FAILED
    return PASSED if passed else UNKNOWN


def _is_about(result, domain):
    """Tell whether a result is about ``domain`` and no other."""
    for name in _ABOUT[result.method]:
        said = {(found.value or "").rpartition("@")[2].strip(".").lower() for found in result.properties
                if f"{found.type}.{found.name}" == name}
        if said:
            return said == {domain}
    return False
