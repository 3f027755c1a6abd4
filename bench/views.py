"""What the web client asks for when it opens a view, derived from the view itself."""
import json

from lxml import etree

HIDDEN = ("1", "True")


def specification(env, model, kind):
    """The `specification` of a model's default view, as the web client makes it from the fields in it."""
    return _fields(env, model, etree.fromstring(env[model].get_view(view_type=kind)["arch"]))


def progress_bar(env, model):
    """`(group by, progress bar)` of a model's default kanban, as arguments of `read_progress_bar`."""
    kanban = etree.fromstring(env[model].get_view(view_type="kanban")["arch"])
    bar = kanban.find(".//progressbar")
    return kanban.get("default_group_by"), {"field": bar.get("field"), "colors": json.loads(bar.get("colors"))}


def _fields(env, model, arch):
    result = {}
    for node in arch.xpath("descendant::field[not(ancestor::field)]" if arch.getparent() is None else ".//field"):
        name = node.get("name")
        field = env[model]._fields[name]
        hidden = node.get("invisible") in HIDDEN or node.get("column_invisible") in HIDDEN
        result.setdefault(name, {})
        if field.type == "many2one":
            result[name] = {"fields": {} if hidden else {"display_name": {}}}
        elif field.type in ("many2many", "one2many") and not hidden:
            inner = next((child for child in node if child.tag in ("list", "kanban")), None)
            if inner is not None:
                result[name] = {"fields": _fields(env, field.comodel_name, inner), "limit": 40}
            elif node.get("widget", "").startswith("many2many"):
                tags = {"display_name": {}} | ({"color": {}} if "color_field" in node.get("options", "") else {})
                result[name] = {"fields": tags}
    return result
