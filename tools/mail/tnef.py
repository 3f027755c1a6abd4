"""winmail.dat (TNEF, [MS-OXTNEF]): what Outlook sends to strangers by mistake, unpacked by the library tnefparse."""

import logging
import re
import struct

try:
    from tnefparse.tnef import TNEF
except ImportError:  # winmail.dat then stays a file
    TNEF = None

from .. import limits
from . import mime_charset

KINDS = ("application/ms-tnef", "application/vnd.ms-tnef")
LARGEST, MOST_OBJECTS = limits.MAIL_WINMAIL, limits.MAIL_WINMAIL_OBJECTS
_SIGNATURE = b"\x78\x9f\x3e\x22"
_logger = logging.getLogger(__name__)


def unpack(data):
    """Return ``(text, html, [(name, content)])`` of a winmail.dat, or None where it cannot be read.

    The library copies what is left of the file for every object, so their number is looked at first.
    """
    if TNEF is None or len(data) > LARGEST or not _is_sound(data):
        return None
    logging.getLogger("tnefparse").setLevel(logging.CRITICAL)
    try:
        content = TNEF(data, do_checksum=False)
        files = [(_name(attachment), bytes(attachment.data or b"")) for attachment in content.attachments]
        text, html = _text(content.body), _text(content.htmlbody)
        if not text and not html and (rich := content.rtfbody):
            files.insert(0, ("message.rtf", bytes(rich)))
    except Exception as error:  # whatever the library makes of broken input
        _logger.info("winmail.dat could not be read: %r", error)
        return None
    return text, html, files


def _is_sound(data):
    """Tell whether the objects of the file fit into it and are not too many ([MS-OXTNEF] 2.1.3)."""
    if not data.startswith(_SIGNATURE):
        return False
    position = 6
    for _count in range(MOST_OBJECTS):
        if position + 11 > len(data):
            return True
        position += 11 + struct.unpack_from("<I", data, position + 5)[0]
    return False


def _text(value):
    return mime_charset.decode(value).rstrip("\0") if isinstance(value, bytes) else (value or "").replace("\0", "")


def _name(attachment):
    try:
        name = attachment.long_filename()
    except UnicodeDecodeError:
        name = attachment._name
    return re.split(r"[\\/]", _text(name))[-1].strip()
