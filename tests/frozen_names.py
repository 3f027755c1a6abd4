"""Names that installed desks, add-ons of others and mails on their way hold on to, as they are in this checkout.

`frozen_names.txt` keeps those that must not vanish: `[group]` and one name a line, sorted. `python3 -m dev frozen` adds
what is new.
"""
import ast
import inspect
import re
from pathlib import Path

from odoo import http
from odoo.models import MAGIC_COLUMNS
from odoo.modules import Manifest

from ..models.reasons.words import WORDS

FILE = Path(__file__).with_name("frozen_names.txt")
XMLIDS = {
    "menus": ["ir.ui.menu"],
    "actions": ["ir.actions.act_window", "ir.actions.server", "ir.actions.client", "ir.actions.report",
                "ir.actions.act_url"],
    "user groups": ["res.groups", "res.groups.privilege", "ir.module.category"],
    "record rules": ["ir.rule"],
    "jobs": ["ir.cron"],
    "sequences": ["ir.sequence"],
}
COMMENT = "#"


def read():
    """Return ``{group: [names]}`` as they are frozen."""
    groups, names = {}, None
    for line in FILE.read_text(encoding="utf-8").splitlines() if FILE.exists() else ():
        if line.startswith("["):
            names = groups.setdefault(line.strip("[]"), [])
        elif line and not line.startswith(COMMENT):
            names.append(line)
    return groups


def with_new(env):
    """Return the file's text with what this database and these sources have more, and that as ``[group, name]``."""
    groups, now = read(), current(env)
    new = [(group, name) for group in now for name in sorted(now[group] - set(groups.get(group, ())))]
    text = "# Names that must not vanish, see test_frozen_names.py; `python3 -m dev frozen` adds new ones.\n"
    for group in {**now, **groups}:
        names = sorted({*groups.get(group, ()), *now.get(group, ())})
        text += "".join(["\n", f"[{group}]\n", *(f"{name}\n" for name in names)])
    return text, new


def current(env):
    """Return ``{group: {names}}`` as they are now."""
    modules = our_modules(env)
    return {
        **{group: _xmlids(env, modules, models) for group, models in XMLIDS.items()},
        "views": _views(env, modules),
        "columns": _columns(env, modules),
        "stored choices": _choices(env, modules),
        "methods of jobs": _job_calls(env, modules),
        "routes": _routes(env, modules),
        "parameters": _parameters(modules),
        "variables of templates": set(env["servicedesk.template"]._get_variable_labels()),
        "kinds of events": _event_kinds(env, modules),
        "registries of the screen": _registries(modules),
        "codes of reasons": set(WORDS),
    }


def our_modules(env):
    """Return our add-ons that are installed, bridges included."""
    return sorted(env["ir.module.module"].sudo().search(
        [("name", "=like", "servicedesk%"), ("state", "=", "installed")]).mapped("name"))


def _sources(modules, ending):
    """Yield the texts of our Python or JavaScript; an add-on's root may be a folder of links, so each is entered."""
    for module in modules:
        root = Path(Manifest.for_addon(module).path)
        for folder in ("static",) if ending == ".js" else ("models", "controllers", "wizards", "report"):
            for path in sorted((root / folder).rglob(f"*{ending}")):
                if "tests" not in path.relative_to(root).parts:
                    yield path.read_text(encoding="utf-8")


def _xmlids(env, modules, models):
    rows = env["ir.model.data"].sudo().search([("module", "in", modules), ("model", "in", models)])
    return set(rows.mapped("complete_name"))


def _views(env, modules):
    """Views that others may inherit, and those with which we extend the views of others."""
    rows = env["ir.model.data"].sudo().search([("module", "in", modules), ("model", "=", "ir.ui.view")])
    views = {view.id: view for view in env["ir.ui.view"].sudo().with_context(active_test=False).browse(
        rows.mapped("res_id")).exists()}
    return {row.complete_name for row in rows if (view := views.get(row.res_id)) and (
        view.mode == "primary" or (view.inherit_id.xml_id or "").partition(".")[0] not in modules)}


def _stored_fields(env, modules):
    """Yield the stored fields of ours: all of our models, and what we add to models of others."""
    for model in env.registry.values():
        if not model._abstract and not model._transient and model._auto:
            ours = model._original_module in modules
            for field in model._fields.values():
                if field.store and field.name not in MAGIC_COLUMNS and (ours or set(field._modules) & set(modules)):
                    yield model, field


def _columns(env, modules):
    found = set()
    for model, field in _stored_fields(env, modules):
        if field.type == "many2many":
            found |= {f"{field.relation}.{field.column1}", f"{field.relation}.{field.column2}"}
        elif field.column_type:
            found.add(f"{model._table}.{field.name}")
    return found


def _choices(env, modules):
    """Values that rows of the database hold."""
    return {f"{model._name}.{field.name}: {value}" for model, field in _stored_fields(env, modules)
            if field.type == "selection" and set(field._modules) & set(modules) and field.name not in ("lang", "tz")
            for value in field.get_values(env)}


def _job_calls(env, modules):
    """What jobs and server actions of an installed desk call: their code is not updated with the add-on."""
    actions = env["ir.cron"].sudo().with_context(active_test=False).search([]).ir_actions_server_id
    actions |= env["ir.actions.server"].sudo().search([("state", "=", "code")])
    return {f"{action.model_id.model}: {call}" for action in actions
            for call in re.findall(r"model\.\w+\([^()]*\)", action.code or "")
            if (action.xml_id or "").partition(".")[0] in modules or action.model_id.model.startswith("servicedesk.")}


def callable_now(env, name):
    """Tell whether a call such as ``servicedesk.item: model._cron_send(1)`` still finds its method."""
    model, _sep, call = name.partition(": ")
    node = ast.parse(call.removeprefix("model."), mode="eval").body
    method = getattr(env.get(model), node.func.id, None)
    if method is None:
        return False
    try:
        inspect.signature(method).bind(*node.args, **{word.arg: word.value for word in node.keywords})
    except TypeError:
        return False
    return True


def _routes(env, modules):
    found = set()
    for url, endpoint in http._generate_routing_rules(sorted(env.registry._init_modules), nodb_only=False):
        if endpoint.original_endpoint.__module__.split(".")[2] in modules:
            methods = "/".join(endpoint.routing.get("methods") or ["ANY"])
            found.add(f"{methods} {url} ({endpoint.routing['auth']})")
    return found


def _parameters(modules):
    """Keys of `ir.config_parameter`: where they are read or written by name, and those of settings."""
    found, texts = set(), list(_sources(modules, ".py"))
    constants = dict(match for text in texts for match in re.findall(r'(?m)^([A-Z_]+) = "(servicedesk[\w.]+)"', text))
    for text in texts:
        found.update(re.findall(r'(?:[gs]et_param\(\s*|config_parameter=)"(servicedesk[\w.]+)"', text))
        found.update(constants[name] for name in re.findall(r"[gs]et_param\(\s*([A-Z_]+)", text) if name in constants)
    return found


def _event_kinds(env, modules):
    """Kinds that the time line has words for: facts, and fields of the ticket."""
    known = {kind for text in _sources(modules, ".js")
             for block in re.findall(r"(?s)const (?:FACTS|ICONS) = \{(.*?)\n\};", text) if "child_added" in block
             for kind in re.findall(r"(?m)^    (\w+):", block)}
    for text in _sources(modules, ".py"):
        for block in re.findall(r"(?s)def _format_events\(.*?(?=\n    def |\n\n\n|\Z)", text):
            known |= {*re.findall(r'"(\w+)": self\.env\._\(', block), *re.findall(r'"kind"\] == "(\w+)"', block)}
    history = getattr(env["servicedesk.event"], "_history_fields", list)
    return {*known, "created", *history()}


def _registries(modules):
    """``category: key`` of what we add to registries of the web client, our own categories among them."""
    texts = list(_sources(modules, ".js"))
    alias = r'(?m)^(?:export )?const (\w+) = registry\.category\("([\w.]+)"\);'
    known = {name: category for text in texts for name, category in re.findall(alias, text)}
    found = {f"{category}: *" for category in known.values() if category.startswith("servicedesk.")}
    for text in texts:
        for category, key in re.findall(r'registry\s*\.category\("([\w.]+)"\)\s*\.add\(\s*"([\w.]+)"', text):
            found.add(f"{category}: {key}")
        for name, category in known.items():
            found |= {f"{category}: {key}" for key in re.findall(rf'\b{name}\s*\.add\(\s*"([\w.]+)"', text)}
            # a chain of calls: its links stand on lines of their own
            for chain in re.findall(rf"(?ms)^{name}\n((?: {{4}}.*?\n|\n)+?)(?=\S|\Z)", text):
                found |= {f"{category}: {key}" for key in re.findall(r'(?m)^    \.add\(\s*"([\w.]+)"', chain)}
    return found
