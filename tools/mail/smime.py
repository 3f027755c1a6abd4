"""S/MIME that hides its letter in a file (RFC 8551 §3.5): signed data is opened, encrypted data is known as such.

The signature is not checked: who is trusted is a matter of the mail server and of the sender's verdict.
"""

from asn1crypto import cms

KINDS = ("application/pkcs7-mime", "application/x-pkcs7-mime")
SIGNED, ENCRYPTED = "smime-signed", "encrypted"
DEEPEST = 3  # signed data in signed data (RFC 2634 §1.1)


def unwrap(data):
    """Return ``(problem, letter)``: the bytes of the MIME entity that was signed, or ``b""`` with what it is.

    :return: ``("", b"")`` for what is no CMS (RFC 5652), ``("encrypted", b"")`` where only the owner of a key reads it
    """
    problem = ""
    for _depth in range(DEEPEST):
        try:
            info = cms.ContentInfo.load(bytes(data))
            kind = info["content_type"].native
            if kind in ("enveloped_data", "authenticated_enveloped_data", "encrypted_data"):
                return ENCRYPTED, b""
            if kind != "signed_data":
                return problem, b""
            letter = info["content"]["encap_content_info"]["content"]
            data = letter.native if letter is not None else None
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
            return problem, b""
        if not isinstance(data, bytes) or not data:
            return problem, b""
        problem = SIGNED
        if data[:1] != b"\x30":
            break
    return problem, data


def is_pgp_message(text):
    """Tell whether a text is nothing but an encrypted message (RFC 9580 §6.2)."""
    text = text.strip()
    return text.startswith("-----BEGIN PGP MESSAGE-----") and text.endswith("-----END PGP MESSAGE-----")
