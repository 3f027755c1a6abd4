"""ZIP archives written while they are sent: one block of one file in memory, whatever the whole weighs."""
import re
import zipfile

BLOCK = 256 * 1024
# Compressing these again costs time and saves nothing.
PACKED = re.compile(
    r"^(image/(?!bmp|svg|tiff|x-)|video/|audio/(?!x-wav|wav)|application/(zip|gzip|pdf|x-(7z|rar|bzip|xz)|vnd\.rar"
    r"|vnd\.openxmlformats|vnd\.oasis\.opendocument|java-archive))")
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')
RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
EARLIEST = (1980, 1, 1, 0, 0, 0)  # what the format can tell
LONGEST = 180  # bytes of UTF-8, for the file systems that take 255


def clean_name(name):
    """Return a file name that no program takes for a path and every system can store."""
    name = FORBIDDEN.sub("_", re.split(r"[/\\]", name or "")[-1]).strip(" .")
    if RESERVED.match(name):
        name = f"_{name}"
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        stem, dot, extension = name, "", ""
    stem = stem.encode()[:LONGEST].decode(errors="ignore").strip(" .")
    return f"{stem or 'file'}{dot}{extension}"


def unique_names(names):
    """Return clean names, none twice on any system: "a.png", "A (2).png"."""
    result, taken = [], set()
    for name in map(clean_name, names):
        stem, dot, extension = name.rpartition(".")
        if not dot:
            stem, extension = name, ""
        candidate, number = name, 1
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{stem} ({number}){dot}{extension}"
        taken.add(candidate.casefold())
        result.append(candidate)
    return result


class _Outlet:
    """What `zipfile` writes into: a stream without position, emptied after every block."""

    def __init__(self):
        self.blocks = []

    def _append(self, data):
        self.blocks.append(bytes(data))
        return len(data)

    write = _append

    def flush(self):
        pass

    def take(self):
        blocks, self.blocks = self.blocks, []
        return b"".join(blocks)


def stream(entries, missing_name="missing.txt"):
    """Yield the bytes of an archive.

    :param entries: ``[(name, date, mimetype, size, open)]``: clean unique name, datetime or None, an estimate of the
        size in bytes, and a function that returns a binary file or raises OSError
    :param missing_name: name of a list of the files that could not be read, written only if there are any
    """
    outlet = _Outlet()
    missing = []
    with zipfile.ZipFile(outlet, "w", allowZip64=True) as archive:
        for name, date, mimetype, size, open_file in entries:
            try:
                source = open_file()
            except OSError:
                missing.append(name)
                continue
            info = zipfile.ZipInfo(name, max(EARLIEST, date.timetuple()[:6]) if date else EARLIEST)
            info.compress_type = zipfile.ZIP_STORED if PACKED.match(mimetype or "") else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with source, archive.open(info, "w", force_zip64=size >= zipfile.ZIP64_LIMIT // 2) as target:
                while block := source.read(BLOCK):
                    target.write(block)
                    yield outlet.take()
            yield outlet.take()
        if missing:
            archive.writestr(missing_name, "\r\n".join(missing))
    yield outlet.take()
