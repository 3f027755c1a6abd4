"""Real mails of other projects, beside the checkout; nothing of them is copied here. See docs/corpus-differences.md."""

import json
import os
import re
from pathlib import Path

from ...tools.mail import addresses, inbound, mime

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("CORPUS") or ROOT.parent / "shared" / "corpus")
DIFFERENCES = ROOT / "docs" / "corpus-differences.md"
MISSING = f"there are no corpora at {FOLDER} (set CORPUS to another folder)"
ABOUT_BOUNCES = "sisimai"
REPORTS = ("bounce", "complaint", "receipt")
PARSE_LIMIT, FILE_LIMIT = 3, 15  # seconds for one mail


def mails(*corpora):
    """Return ``[(corpus/name, bytes)]`` of the named corpora, of all by default, sorted."""
    paths = sorted(path for path in FOLDER.glob("*/mail/*") if path.is_file())
    return [(f"{path.parent.parent.name}/{path.name}", path.read_bytes()) for path in paths
            if not corpora or path.parent.parent.name in corpora]


def expected(corpus):
    return json.loads((FOLDER / corpus / "expected.json").read_text())


def explained(heading):
    """Return the names that a section of docs/corpus-differences.md gives a reason for."""
    section = DIFFERENCES.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^- `([^`]+)`", section, re.MULTILINE))


def one_line(text):
    return re.sub(r"\s+", " ", text or "").strip()


def synthetic_differences():
    """Names of the Czech mails that do not read as expected; ``?`` stands for a letter that the charset lacks."""
    found = []
    for name, wanted in expected("synthetic-cz").items():
        mail = mime.parse((FOLDER / "synthetic-cz" / "mail" / name).read_bytes())
        text = one_line(mail.text or re.sub("<[^>]+>", " ", mail.html))
        subject = wanted["subject"]
        if name.split("-")[1:4] == ["iso", "8859", "2"] and "?" in mail.subject:
            subject = subject.encode("iso8859-2", "replace").decode("iso8859-2")  # what its author could write
        if (mail.subject, text) != (subject, one_line(wanted["text"])):
            found.append(name)
    return found


def imap_tools_differences():
    """``{name: [fields that differ]}``; white space, case of addresses and names of inline pictures do not count."""
    found, unsaid = {}, re.compile(r"\s+|cid:[\w.@-]+")
    for name, wanted in expected("imap_tools").items():
        mail = mime.parse((FOLDER / "imap_tools" / "mail" / f"tests__messages__{name}.eml").read_bytes())
        pairs = {field: (unsaid.sub("", getattr(mail, field)), unsaid.sub("", wanted[field] or ""))
                 for field in ("subject", "text", "html")}
        pairs["from"] = addresses.normalize(mail.sender), wanted["from_"].lower()
        for field in ("to", "cc"):
            wanted_list = list(dict.fromkeys(address.lower() for address in wanted[field] if address))
            pairs[field] = [address for _name, address in addresses.split(getattr(mail, field))], wanted_list
        pairs["attachments"] = ([file.name for file in mail.files],
                                [attachment["filename"] for attachment in wanted["attachments"]])
        if fields := [field for field, (ours, theirs) in pairs.items() if ours != theirs]:
            found[name] = fields
    return found


def kinds(*corpora):
    return {name: inbound.classify(mime.parse(raw)) for name, raw in mails(*corpora)}
