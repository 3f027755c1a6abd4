"""`python -m dev.take_screenshots PORT DATABASE`: the pictures themselves, by Chromium (virtual environment)."""
import sys

from .browser import chromium, sign_in
from .odoo_server import OdooServer
from .serve import LOGINS
from .settings import ROOT

TARGET = ROOT / "static" / "description"
LIST = "/odoo/action-servicedesk.servicedesk_ticket_action"
PHONE, DESKTOP = (375, 812), (1440, 900)
# name of the file, path ("{ticket}": the ticket with the most items), what must be visible, size, dark
SHOTS = [
    ("list", LIST, ".o_list_view .o_data_row", DESKTOP, False),
    ("ticket", f"{LIST}/{{ticket}}", ".o_form_view .o_field_widget", DESKTOP, False),
    ("narrow", f"{LIST}/{{ticket}}", ".o_form_view .o_field_widget", PHONE, False),
    ("dark", f"{LIST}/{{ticket}}", ".o_form_view .o_field_widget", DESKTOP, True),
]


def main(port, database):
    server = OdooServer(None, database, "screenshots", int(port))
    longest = server.rpc("servicedesk.item", "formatted_read_group", [[("ticket_id.state", "=", "open")]], {
        "groupby": ["ticket_id"], "aggregates": ["__count"], "order": "__count DESC", "limit": 1})
    values = {"ticket": longest[0]["ticket_id"][0] if longest else ""}
    login = agent()
    with chromium() as browser:
        for name, path, selector, size, dark in SHOTS:
            page = sign_in(browser, server, login, path.format(**values), size, dark, device_scale_factor=1)
            page.locator(selector).first.wait_for()
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(800)  # avatars and web fonts settle
            file = TARGET / f"{name}.png"
            page.screenshot(path=str(file))
            page.context.close()
            print(f"    {file.relative_to(ROOT)}", flush=True)


def agent():
    """Login of the demo's first person; the administrator while there is none."""
    return LOGINS.read_text().split("\t")[0] if LOGINS.exists() else "admin"


if __name__ == "__main__":
    main(*sys.argv[1:3])
