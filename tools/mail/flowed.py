"""Plain text whose lines a mail program broke for the way only (RFC 3676, ``format=flowed``), put together again."""

import re

_QUOTES = re.compile(">*")
SIGNATURE = "-- "
# Space-stuffing (§4.4) is for these; Apple Mail begins lines with the space of the text where others end with it.
_STUFFED = ("  ", " >", " From ")


def unflow(text, delsp=False):
    """Return text with each paragraph in one line; what is quoted, and how deep, stays marked by ``>``.

    :param text: text with plain line ends
    :param delsp: the space that marks a soft break is no space of the text (``DelSp=yes``)
    """
    out, depth_before, soft = [], 0, False
    for line in text.split("\n"):
        depth = _QUOTES.match(line).end()
        words = line[depth:]
        if depth or not delsp or words.startswith(_STUFFED):
            words = words.removeprefix(" ")
        flows = words.endswith(" ") and words != SIGNATURE
        joins = soft and depth == depth_before and words != SIGNATURE
        shown = words[:-1] if flows and delsp else words
        if joins:
            out[-1].append(shown)
        else:
            out.append([(">" * depth + " ") if depth else "", shown])
        depth_before, soft = depth, flows
    return "\n".join("".join(pieces) for pieces in out)
