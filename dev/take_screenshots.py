"""`python -m dev.take_screenshots PORT DATABASE`: the pictures themselves, by Chromium (virtual environment)."""
import sys
from urllib.request import urlopen

from .browser import chromium, sign_in
from .odoo_server import OdooServer
from .serve import LOGINS
from .settings import ROOT

TARGET = ROOT / "static" / "description"
LIST = "/odoo/action-servicedesk.servicedesk_ticket_action"
PHONE, DESKTOP = (375, 812), (1440, 900)
BUNDLES = ("web.assets_web.min.js", "web.assets_web.min.css", "web.assets_web_dark.min.css")
FORM = ".o_form_view .o_field_widget"
# name of the file, who, path ("{ticket}": the ticket with the most items), what must be visible, size, dark
SHOTS = [
    ("list", "agent", LIST, ".o_list_view .o_data_row", DESKTOP, False),
    ("ticket", "agent", f"{LIST}/{{ticket}}", FORM, DESKTOP, False),
    ("narrow", "agent", f"{LIST}/{{ticket}}", FORM, PHONE, False),
    ("dark", "agent", f"{LIST}/{{ticket}}", FORM, DESKTOP, True),
    ("portal", "customer", "/my/requests", "h1, h2, h3, .list-group", DESKTOP, False),
]


def main(port, database):
    server = OdooServer(None, database, "screenshots", int(port))
    longest = server.rpc("servicedesk.item", "formatted_read_group", [[("ticket_id.state", "=", "open")]], {
        "groupby": ["ticket_id"], "aggregates": ["__count"], "order": "__count DESC", "limit": 1})
    values = {"ticket": longest[0]["ticket_id"][0] if longest else ""}
    people = accounts()
    for bundle in BUNDLES:  # a fresh copy has to make them first, longer than a page waits on a busy machine
        urlopen(f"{server.url}/web/assets/any/{bundle}", timeout=180).read()
    with chromium() as browser:
        for name, who, path, selector, size, dark in SHOTS:
            if who not in people:
                continue
            login, password = people[who]
            page = sign_in(browser, server, login, path.format(**values), size, dark, password)
            page.locator(selector).first.wait_for()
            page.wait_for_timeout(2000)  # avatars and web fonts; the network never rests, the bus is polled
            file = TARGET / f"{name}.png"
            page.screenshot(path=str(file))
            page.context.close()
            print(f"    {file.relative_to(ROOT)}", flush=True)


def accounts():
    """{"agent": first person of the demo, "customer": first one with the portal}, each (login, password)."""
    people = {"agent": ("admin", "admin")}
    if LOGINS.exists():
        rows = [line.split("\t") for line in LOGINS.read_text(encoding="utf-8").splitlines() if line.count("\t") >= 2]
        people["agent"] = tuple(rows[0][:2])
        customer = next((row for row in rows if "portal" in row[2].lower()), None)
        if customer:
            people["customer"] = tuple(customer[:2])
    return people


if __name__ == "__main__":
    main(*sys.argv[1:3])
