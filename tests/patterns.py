"""All regular expressions of the add-on, and texts that make a pattern slow if it can be made slow at all.

Python's are found in the sources and evaluated in their modules, those of the screens are read out of the scripts.
"""
import ast
import re
from dataclasses import dataclass
from pathlib import Path
from re import _constants as sre
from re import _parser as parser
from types import FunctionType

ROOT = Path(__file__).parents[1]
FUNCTIONS = {"compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn"}
ANCHORED = {"match", "fullmatch"}
# What makes patterns slow in general: a run of each, with and without an end.
RUNS = (" ", "\n", "\xa0", "a", "ž", "0", "a0 ", "<a", "(", "@", ".", "-", "a@", "a.", "'a", "=", "{{ ", ":", ",",
        "\n ", "\r\n", "a:\n")
TAIL = "\x01\u0416"  # what no pattern of ours waits for; not Latin-1, for browsers know shortcuts for texts that are


@dataclass(frozen=True)
class Found:
    """A pattern and how it is used: ``anchored`` where it is only tried at the start of a text."""

    where: str
    pattern: object  # text or bytes
    flags: int = 0
    anchored: bool = False


def module_patterns(path, module, unknown):
    """Return the :class:`Found` of one source file.

    :param unknown: ``{name: value}`` for those that are put together when they are used
    :raise LookupError: where a pattern is put together of what ``unknown`` does not name
    """
    tree, found = ast.parse(path.read_text(encoding="utf-8")), []
    where, names = str(path.relative_to(ROOT)), vars(module)
    known = {pattern.pattern for value in names.values() for pattern in _compiled(value)}
    for name, value in names.items():
        for pattern in _compiled(value):
            if _is_ours(tree, name):
                anchored = _methods(tree, name) <= ANCHORED
                found.append(Found(f"{where}: {name}", pattern.pattern, pattern.flags, anchored))
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not _is_re(call.func) or not call.args:
            continue
        source, flags = ast.unparse(call.args[0]), _flags(call, names)
        pattern = _evaluate(call.args[0], unknown | names, where)
        if isinstance(pattern, (str, bytes)) and not (call.func.attr == "compile" and pattern in known):
            found.append(Found(f"{where}: {source[:60]}", pattern, flags, call.func.attr in ANCHORED))
    return found


def _is_re(function):
    return isinstance(function, ast.Attribute) and function.attr in FUNCTIONS and \
        isinstance(function.value, ast.Name) and function.value.id == "re"


def _is_ours(tree, name):
    """Whether a name is assigned in this file, and not imported into it."""
    return any(isinstance(target, ast.Name) and target.id == name for node in tree.body
               if isinstance(node, ast.Assign) for target in node.targets)


def _methods(tree, name):
    """The methods by which a pattern is used in its file; others may be used elsewhere, so none counts as search."""
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in FUNCTIONS
            and isinstance(node.value, ast.Name) and node.value.id == name}
    return used or {"search"}


def _compiled(value):
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _compiled(list(value.values()))
    elif isinstance(value, (list, tuple)) and len(value) < 500:
        for one in value:
            yield from _compiled(one)


def _flags(call, names):
    positions = {"compile": 1, "search": 2, "match": 2, "fullmatch": 2, "findall": 2, "finditer": 2}
    given = next((word.value for word in call.keywords if word.arg == "flags"), None)
    at = positions.get(call.func.attr)
    if given is None and at and len(call.args) > at:
        given = call.args[at]
    try:
        return int(_value(given, names, "flags")) if given is not None else 0
    except NameError:
        return 0


def _value(node, names, where):
    """Return what an expression of our own source is, with these names."""
    expression = ast.fix_missing_locations(ast.Expression(node))
    return FunctionType(compile(expression, where, "eval"), dict(names))()


def _evaluate(node, names, where):
    try:
        return _value(node, names, where)
    except NameError as error:
        raise LookupError(f"{where} puts a pattern together: test_slow_patterns has to know {error.name}") from error


def hostile(pattern, flags=0):
    """Yield ``(head, unit, tail)``: a text of many units between head and tail is what may be slow for a pattern.

    Units are what the pattern repeats, heads what stands before a repetition, and both together again and again.
    """
    binary = isinstance(pattern, bytes)
    seen = set()
    for head, unit in [*_from_tree(pattern, flags), *(("", run) for run in RUNS)]:
        parts = (head, unit, TAIL)
        if unit and parts not in seen and len(head) < 500:
            seen.add(parts)
            yield tuple(part.encode("utf-8", "replace") for part in parts) if binary else parts


def _from_tree(pattern, flags):
    try:
        tree = parser.parse(pattern, flags)
    except re.error:
        return
    for heads, units in _repeats(tree, [""]):
        for head in heads[:4]:
            for unit in units[:6]:
                yield head, unit
                yield "", head + unit
                yield "", unit


def _repeats(tree, heads):
    """Yield ``(what may stand before, what is repeated)`` of every repetition in a parsed pattern."""
    for operator, value in tree:
        if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            low, high, body = value
            yield from _repeats(body, heads)
            if high > 20:
                yield heads, _samples(body)
            again = [sample * max(low, 1) for sample in _samples(body)[:2]]
            heads = [head + more for head in heads for more in (again + [""] if not low else again)][:6]
            continue
        for inner in _inside(operator, value):
            yield from _repeats(inner, heads)
        heads = [head + sample for head in heads for sample in _samples([(operator, value)])[:2] or [""]][:6]


def _inside(operator, value):
    if operator is sre.SUBPATTERN:
        return [value[-1]]
    if operator is sre.BRANCH:
        return value[1]
    if operator in (sre.ASSERT, sre.ASSERT_NOT):
        return [value[1]]
    return [value] if operator is sre.ATOMIC_GROUP else []


def _samples(tree):
    """Return some texts that a part of a pattern matches."""
    found = [""]
    for operator, value in tree:
        found = [before + after for before in found for after in (_sample(operator, value) or [""])][:8]
    return found


def _sample(operator, value):
    if operator is sre.LITERAL:
        return [chr(value)]
    if operator is sre.NOT_LITERAL:
        return ["a" if value != ord("a") else "b", " "]
    if operator is sre.ANY:
        return ["a", " "]
    if operator is sre.IN:
        return _members(value)
    if operator is sre.BRANCH:
        return [sample for branch in value[1] for sample in _samples(branch)[:2]][:8]
    if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        low, _high, body = value
        return [sample * max(low, 1) for sample in _samples(body)[:4]] + ([""] if not low else [])
    if operator is sre.SUBPATTERN:
        return _samples(value[-1])
    return _samples(value) if operator is sre.ATOMIC_GROUP else [""]


def _members(value):
    chars = [chr(code) for operator, code in value if operator is sre.LITERAL]
    chars += [chr(code[0]) for operator, code in value if operator is sre.RANGE]
    categories = {sre.CATEGORY_SPACE: " \n", sre.CATEGORY_DIGIT: "0", sre.CATEGORY_WORD: "a0",
                  sre.CATEGORY_NOT_SPACE: "a.", sre.CATEGORY_NOT_DIGIT: "a ", sre.CATEGORY_NOT_WORD: " ."}
    chars += [char for operator, code in value if operator is sre.CATEGORY for char in categories[code]]
    if value[0][0] is sre.NEGATE:
        taken = re.compile(f"[{re.escape(''.join(chars))}]") if chars else None
        return [char for char in "a0 .-<(\"'\n" if not taken or not taken.match(char)][:4]
    return chars[:6]


# ---- the screens' scripts

_BEFORE = frozenset("(,=:[!&|?{};+\n") | {"return", "=>"}


@dataclass(frozen=True)
class Script:
    """A regular expression of a script, as it stands there."""

    where: str
    source: str
    flags: str


def script_patterns(root=ROOT / "static/src"):
    """Return the :class:`Script` patterns of all scripts below a folder, literals between slashes."""
    return [Script(f"{path.relative_to(ROOT)}", source, flags) for path in sorted(root.rglob("*.js"))
            for source, flags in literals(path.read_text(encoding="utf-8"))]


def literals(text):
    """Yield ``(source, flags)`` of the regular expressions of a script; comments and strings are passed over."""
    at, before = 0, "\n"
    while at < len(text):
        char, two = text[at], text[at:at + 2]
        if two == "//":
            at = text.find("\n", at) if "\n" in text[at:] else len(text)
        elif two == "/*":
            at = text.index("*/", at) + 2
        elif char in "\"'`":
            at, before = _end_of_string(text, at), char
        elif char == "/" and (before in _BEFORE or re.search(r"(?:return|=>)\s*$", text[max(at - 20, 0):at])):
            end = _end_of_literal(text, at)
            flags = re.compile(r"[a-z]*").match(text, end)[0]
            yield text[at + 1:end - 1], flags
            at, before = end + len(flags), "/"
        else:
            before = before if char in " \t\r" else char
            at += 1


def _end_of_string(text, at):
    quote = text[at]
    at += 1
    while text[at] != quote:
        at += 2 if text[at] == "\\" else 1
    return at + 1


def _end_of_literal(text, at):
    at, inside = at + 1, False
    while text[at] != "/" or inside:
        inside = (inside or text[at] == "[") and text[at] != "]"
        at += 2 if text[at] == "\\" else 1
    return at + 1


def script_hostile(source):
    """Yield what :func:`hostile` yields, for a pattern in the scripts' notation."""
    python = re.sub(r"\\p\{(L|M)\}", "a", re.sub(r"\\p\{N\}", "0", source))
    python = re.sub(r"\(\?<(?=[a-z])", "(?P<", python).replace("[^[", r"[^\[")
    yield from hostile(python)
