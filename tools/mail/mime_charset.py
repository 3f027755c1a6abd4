"""Bytes of a mail as text, whatever its sender said or forgot to say about their charset.

Order: the declared charset where it fits strictly, UTF-8 where the bytes can hardly be anything else, then a guess
that prefers what is written in Central Europe. U+FFFD stands only where no decoding exists.
Sources: RFC 2045 §5.2, RFC 1345 (names), WHATWG Encoding Standard (labels that lie).
"""

import codecs
import re

import charset_normalizer

# Names that Python does not know, that say nothing, or whose mail was nearly always written by Windows.
_ALIASES = {
    "iso8859-1": "cp1252", "iso8859-11": "cp874", "tis-620": "cp874", "ks-c-5601-1987": "cp949", "euc-kr": "cp949",
    "gb2312": "gb18030", "gbk": "gb18030", "shift-jis": "cp932", "sjis": "cp932", "big5": "cp950",
    "iso2022-jp": "iso2022_jp_ext", "iso8859-8-i": "iso8859-8", "iso8859-6-i": "iso8859-6", "mac-ce": "mac_latin2",
}
_MEANINGLESS = {"", "ascii", "us-ascii", "ansi-x3.4-1968", "unknown", "unknown-8bit", "user-defined", "default",
                "autodetect-all", "none", "binary", "8bit"}
# Codecs of Python that are no charsets of texts, or slow ones.
_REFUSED = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem", "charmap"}
# What says ISO 8859 and has letters where ISO has only control characters was written by Windows.
_WINDOWS = {"iso8859-2": "cp1250", "iso8859-9": "cp1254", "iso8859-15": "cp1252", "iso8859-5": "cp1251",
            "iso8859-7": "cp1253"}
_LATIN = {"cp1250", "cp1252", "cp1254", "cp1257", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-9", "iso8859-10",
          "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", "mac-roman", "cp437", "cp850", "cp852"}
_SHIFTED = ("utf-7", "iso2022", "hz")  # ASCII bytes that stand for other letters

_CZECH = "áčďéěíňóřšťúůýžĺľŕôäÁČĎÉĚÍŇÓŘŠŤÚŮÝŽĹĽŔÔÄ"
_GERMAN = "äöüßÄÖÜ"
# Later entries win only when they fit better, so Czech and Slovak come first.
_LANGUAGES = tuple((codec, frozenset(letters + "„“”‚‘’‹›«»–—…€§°©®×•\xa0")) for codec, letters in (
    ("cp1250", _CZECH + "öü"), ("iso8859-2", _CZECH + "öü"),
    ("cp1250", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"), ("iso8859-2", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"),
    ("cp1250", "áéíóöőúüűÁÉÍÓÖŐÚÜŰ"), ("iso8859-2", "áéíóöőúüűÁÉÍÓÖŐÚÜŰ"),
    ("cp1250", "čćđšžČĆĐŠŽ"), ("iso8859-2", "čćđšžČĆĐŠŽ"),
    ("cp1252", _GERMAN + "àâæçéèêëîïôœùûÿÀÂÇÉÈÊËÎÏÔŒÙÛáíóúñãõìòåøÁÍÓÚÑÃÕÌÒÅØÆ¿¡ªº·"),
    ("cp1250", _GERMAN + "ăâîşţĂÂÎŞŢ"),
    ("cp1254", _GERMAN + "çğışÇĞİŞâî"), ("cp852", _CZECH + "öü"),
))
_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# What a wrong one of the two charsets of Central Europe makes of the other's letters: "®ádost", "můľete", "sí»".
_IMPLAUSIBLE = re.compile(
    r"[®©«»](?=[a-záéíóúýčďěňřšťůž])|(?<=[a-záéíóúý])»|[ľĽ](?=[eiěéí])|\b[uU]ľ\b|(?<=ů)ľ|[\x80-\x9f]")
# Alphabets whose every letter has the high bit; text is mostly in lower case, which tells KOI8 and cp1251 apart.
_ALPHABETS = tuple((codec, frozenset(letters)) for codec, letters in (
    ("cp1251", "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ"), ("koi8_r", "абвгдежзийклмнопрстуфхцчшщъыьэюяё"),
    ("iso8859_5", "абвгдежзийклмнопрстуфхцчшщъыьэюяё"), ("cp866", "абвгдежзийклмнопрстуфхцчшщъыьэюяё"),
    ("cp1253", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώ"), ("cp1255", "אבגדהוזחטיךכלםמןנסעףפץצקרשת"),
    ("cp1256", "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآ"),
))


def decode(data, declared="", hint=""):
    """Return ``data`` as text without NUL and stray surrogates, which no database takes.

    :param declared: charset as the mail names it, ``''`` where it names none
    :param hint: charset that is likely where none is declared, such as the letter's for its raw headers
    """
    data = bytes(data)
    name = _codec(declared) or _codec(hint)
    if name.startswith(("utf-16", "utf-32")):
        if b"\0" in data and (text := _strictly(data, name)) is not None:
            return _clean(text)
        name = ""
    text = _with_mark(data) or _plain(data, name)
    if text is None:
        text = _as_declared(data, name)
    if text is None:
        text = _nearly(data, name)
    if text is None:
        text = _guess(data)
    return _clean(text)


def _clean(text):
    return re.sub("[\0\ud800-\udfff]", "", text).removeprefix("\ufeff")


def _codec(name):
    """Return Python's name of a charset, ``''`` where it is unknown or says nothing."""
    name = (name or "").replace(";", ",").partition(",")[0].strip().strip("\"'").lower().replace("_", "-")
    name = re.sub(r"^(x-)?(windows|win|cp|ms|ibm)-?(?=\d{3,4}$)", "cp", name)
    name = re.sub(r"^(cs)?(?:iso)?-?(8859|2022)-?", r"iso\2-", re.sub(r"^latin-?1$", "iso8859-1", name))
    name = name.removeprefix("x-")
    if name in _MEANINGLESS or name in _REFUSED:
        return ""
    try:
        found = codecs.lookup(_ALIASES.get(name.replace("iso8859-0", "iso8859-"), name))
    except (LookupError, ValueError):
        return ""
    name = found.name.replace("_", "-")
    # Codecs such as zlib turn bytes into bytes.
    return _ALIASES.get(name, name) if found._is_text_encoding and name not in _REFUSED | {"ascii"} else ""


def _with_mark(data):
    """Return text that begins with a byte order mark."""
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) and len(data) % 2 == 0:
        return _strictly(data, "utf-16")
    return None


def _plain(data, name):
    """Return text of ASCII bytes, which most charsets share."""
    if not data.isascii():
        return None
    if name.startswith(_SHIFTED):
        text = _strictly(data, name)
        return _windows_jis(data) if text is None and name.startswith("iso2022-jp") else text
    if b"\x1b$" in data[:20_000]:
        for japanese in ("iso2022_jp_ext", "iso2022_jp_2", "iso2022_kr"):
            if (text := _strictly(data, japanese)) is not None:
                return text
        return _windows_jis(data) or data.decode("ascii")
    return data.decode("ascii")


def _windows_jis(data):
    """Return ISO-2022-JP with the rows of NEC and IBM ("①", "㈱") that Windows writes and Python does not know.

    The two bytes of a letter are those of Shift_JIS in another arrangement (JIS X 0208, annexes 1 and 2).
    """
    out = bytearray()
    for escape, letters in re.findall(rb"(\x1b\$[@B]|\x1b\([BJI]|\A)([^\x1b]*)", data):
        if escape.startswith(b"\x1b$"):
            for row, cell in zip(letters[::2], letters[1::2], strict=False):
                lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
                out += bytes((lead & 0xFF, (cell + (0x1F if cell < 0x60 else 0x20) if row % 2 else cell + 0x7E) & 0xFF))
        else:
            out += bytes(byte | 0x80 for byte in letters) if escape == b"\x1b(I" else letters
    return _strictly(bytes(out), "cp932")


def _strictly(data, name):
    try:
        text = data.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None
    return None if "\ufffd" in text and b"\xef\xbf\xbd" not in data else text


def _one_byte(name):
    return name in _LATIN or name.startswith(("cp125", "iso8859", "koi8", "cp8", "mac"))


def _as_declared(data, name):
    """Return text in the declared charset, or in UTF-8 where the bytes can hardly be anything else."""
    if (text := _strictly(data, "utf-8")) is not None:
        # By chance valid UTF-8 is possible in alphabets whose every letter has the high bit, if it is short.
        needed = 1 if not name or name in _LATIN else 3 if _one_byte(name) else 8
        if name == "utf-8" or len(re.findall("[^\0-\x7f]", text[:2000])) >= needed:
            return text
    if not name:
        return None
    text = _strictly(data, name)
    if text is None and name.startswith("iso2022-jp"):
        return _windows_jis(data)
    if text is not None and name in _WINDOWS and re.search("[\x80-\x9f]", text):
        return _strictly(data, _WINDOWS[name]) or text
    return text


def _nearly(data, name):
    """Return text of a multi-byte charset with a few broken bytes, such as a mail cut in the middle of a letter."""
    sample = data[:200_000]
    good = len(_UTF8_LETTER.findall(sample))
    rest = _UTF8_LETTER.sub(b"", sample)
    bad = len(rest.translate(None, bytes(range(128))))
    cut = re.search(rb"[\xc2-\xf4][\x80-\xbf]{0,2}\Z", data)
    if cut and good and (text := _strictly(data[: cut.start()], "utf-8")) is not None:
        return text
    if good > 4 * bad:
        return data.decode("utf-8", "servicedesk.latin")
    if name and name != "utf-8" and not _one_byte(name) and not name.startswith(_SHIFTED):
        text = data.decode(name, "replace")
        if text.count("\ufffd") <= max(1, len(text) // 50):
            return text
    return None


def _broken_utf8(error):
    return _latin(error.object[error.start:error.end]), error.end


codecs.register_error("servicedesk.latin", _broken_utf8)


def _guess(data):
    """Return bytes of an unknown charset as text.

    Latin alphabets scatter single high bytes among ASCII letters, others come in long runs of them.
    """
    runs = re.findall(rb"[\x80-\xff]+", data[:20_000])
    high = sum(map(len, runs))
    if _is_shift_jis(data[:20_000]) and (text := _strictly(data, "cp932")) is not None:
        return text
    if high >= 4 and high / len(runs) >= 2.5:
        letters = b"".join(runs)
        codec, score = _best(letters, data, _ALPHABETS, -1)
        codec = codec if score > 0.5 * high else _east_asian(data)
        if codec and (text := _strictly(data, codec)) is not None:
            return text
    return _latin(data)


def _is_shift_jis(sample):
    """Tell whether this is Japanese with kana in Shift_JIS, whose second bytes are often ASCII letters."""
    text = _strictly(sample, "cp932") or ""
    wide = [char for char in text if char > "\x7f"]
    kana = sum("\u3041" <= char <= "\u30fe" for char in wide)
    return kana > 1 and kana * 6 >= len(wide) and all(
        "\u3000" <= char <= "\u30fe" or "\u4e00" <= char <= "\u9fff" or "\uff01" <= char <= "\uff5e" for char in wide)


def _east_asian(data):
    """Return the codec of a Chinese, Japanese or Korean text, or None; kana and hangul betray theirs.

    The rest have their frequent characters at the front of their tables: the lead bytes tell.
    """
    for codec, letters, share in (("euc_jp", "[\u3041-\u30fe]", 4), ("cp932", "[\u3041-\u30fe]", 4),
                                  ("euc_kr", "[\uac00-\ud7a3]", 1.1)):
        text = _strictly(data, codec)
        if text and len(re.findall(letters, text)) * share > sum(char > "\u2fff" for char in text):
            return codec
    sample = b"".join(re.findall(rb"[\x80-\xff][\x40-\xff]", data[:5_000]))
    for codec, first, last in (("gb18030", 0xB0, 0xD7), ("big5", 0xA4, 0xC6), ("cp932", 0x88, 0x97)):
        leads = sample[::2]
        if leads and _strictly(data, codec) and sum(first <= lead <= last for lead in leads) > 0.9 * len(leads):
            return codec
    best = charset_normalizer.from_bytes(
        data[:5_000], cp_isolation=["gb18030", "big5", "cp932", "euc_jp"], preemptive_behaviour=False).best()
    return best and best.encoding


def _latin(data):
    """Return bytes in the Latin charset whose language fits their letters best."""
    letters = data[:20_000].translate(None, bytes(range(128)))
    return data.decode(_best(letters, data, _LANGUAGES, -2)[0])


def _best(letters, data, languages, penalty):
    """Return ``(codec, score)`` whose language has most of the letters; the first one where several are equal."""
    best, best_score = "latin-1", None
    for codec, known in languages:
        text = _strictly(letters, codec)
        if text is None or _strictly(data, codec) is None:
            continue
        score = sum(1 if char in known else penalty for char in text)
        if languages is _LANGUAGES:
            score -= 3 * len(_IMPLAUSIBLE.findall(data[:20_000].decode(codec)))
        if best_score is None or score > best_score:
            best, best_score = codec, score
    return best, best_score or 0
