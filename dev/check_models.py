"""Two checks of our models that no linter makes: silent overrides, and a sudo() without words.

A file may extend a model of ours, but a method that an earlier file (by the order of imports) defines on the same model
has to call `super()`: else the earlier one is dead, and nothing shows it. Every `.sudo(` outside of tests says why it
may, in two words at least, on its line, on the line before or in the comment above.

`python -m dev.check_models` prints one line per finding, `file:line: text`, and exits with 1 when there are any.
"""
import ast
import io
import sys
import tokenize
from pathlib import Path

from .linting import sources
from .settings import BRIDGES, NAME, ROOT, bridges


def silent_overrides(files):
    """Findings in Python files given in the order in which they are imported: (name, text) pairs."""
    known, found = {}, []
    for name, text in files:
        for model, method in _methods(ast.parse(text)):
            earlier = known.get((model, method.name))
            if earlier and not _calls_super(method):
                found.append(
                    f"{name}:{method.lineno}: {model}.{method.name} hides the one of {earlier} without super()")
            known[model, method.name] = f"{name}:{method.lineno}"
    return found


def _methods(tree):
    """(model, method) for everything that a class with `_name` or `_inherit` defines."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and (model := _model(node)):
            yield from ((model, entry) for entry in node.body if isinstance(entry, ast.FunctionDef))


def _model(node):
    """Name of the model that a class defines or extends; None for any other class."""
    values = {}
    for entry in node.body:
        if isinstance(entry, ast.Assign) and getattr(entry.targets[0], "id", None) in ("_name", "_inherit"):
            value = ast.literal_eval(entry.value)
            values[entry.targets[0].id] = value if isinstance(value, str) else value[0]
    return values.get("_name") or values.get("_inherit")


def _calls_super(method):
    return any(isinstance(node, ast.Name) and node.id == "super" for node in ast.walk(method))


def import_order(folder, addon):
    """Python files of an add-on in the order in which Python finishes to import them, from its `__init__.py` on.

    Classes are registered when their file has run, after all that it imports at its top.
    """
    order, seen = [], set()

    def load(parts):
        path = folder.joinpath(*parts)
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if path in seen or not path.is_file():
            return
        seen.add(path)
        package = parts if path.name == "__init__.py" else parts[:-1]
        for node in _imports(ast.parse(path.read_text()).body):
            base = _imported(node, package, addon)
            for name in [] if base is None else [[], *([alias.name] for alias in node.names)]:
                steps = [*base, *name]
                for length in range(1, len(steps) + 1):
                    load(steps[:length])
        order.append(path)

    load([])
    return order


def _imports(statements):
    """`from … import` that run while the file is imported, those below an `if` too."""
    for node in statements:
        if isinstance(node, ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If):
            yield from _imports([*node.body, *node.orelse])


def _imported(node, package, addon):
    """Path below the add-on that `from … import` names; None when it is none of the add-on's."""
    words = node.module.split(".") if node.module else []
    if node.level:
        return [*package[:len(package) - node.level + 1], *words]
    return words[3:] if words[:3] == ["odoo", "addons", addon] else None


def wordless_sudos(name, text):
    """Findings in one Python file: every `.sudo(` needs a reason of two words or more."""
    comments, alone, calls = {}, set(), []
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if token.type == tokenize.COMMENT:
            comments[token.start[0]] = token.string
            if not token.line[:token.start[1]].strip():
                alone.add(token.start[0])
        elif token.string == "sudo" and before and before.string == "." and after.string == "(":
            calls.append(token.start[0])
    found = []
    for line in calls:
        above, first = [], line - 1
        while first in alone:
            above.insert(0, comments[first])
            first -= 1
        reasons = [comments.get(line, ""), " ".join(above) or comments.get(line - 1, "")]
        if not any(_says_why(reason) for reason in reasons):
            found.append(f"{name}:{line}: sudo() without its reason, in words, on this line or the one before")
    return found


def _says_why(comment):
    """Whether a comment has two words besides `sudo:`."""
    words = [word for word in comment.replace("#", " ").split() if any(map(str.isalnum, word))]
    return len([word for word in words if word.strip(":").lower() not in ("sudo", "noqa")]) >= 2


def main():
    folders = {NAME: ROOT, **{name: BRIDGES / name for name in bridges()}}
    ordered = [path for name, folder in folders.items() for path in import_order(folder, name)]
    found = silent_overrides([(path.relative_to(ROOT), path.read_text()) for path in ordered])
    for file in sources(".py"):
        if Path(file).parts[0] not in ("bench", "dev", "docs") and "tests/" not in file:
            found += wordless_sudos(file, (ROOT / file).read_text())
    print("\n".join(found))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
