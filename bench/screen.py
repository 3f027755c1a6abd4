"""Until the newest words of a ticket are on the screen: 20 items against 1,000 with 400 files, in one browser.

Run in the virtual environment: `python -m bench.screen DATABASE` prints one JSON object.
"""
import json
import statistics
import sys
from pathlib import Path

from dev.browser import chromium, sign_in
from dev.postgres import psql
from dev.settings import DEV

from ..odoo_server import OdooServer

SMALL, LARGE, FILES = 20, 1000, 400
WARM_UP, REPEATS = 3, 11

# Both open as from the list, inside of the running web client; the clock stops when the newest card is painted.
OPEN = """async ([id, text]) => {
    const { action } = odoo.__WOWL_DEBUG__.root.env.services;
    const frame = () => new Promise(requestAnimationFrame);
    await action.doAction("servicedesk.servicedesk_ticket_action", { clearBreadcrumbs: true, viewType: "list" });
    await frame();
    const start = performance.now();
    action.doAction({ type: "ir.actions.act_window", res_model: "servicedesk.ticket", res_id: id,
                      views: [[false, "form"]] });
    const isThere = () => [...document.querySelectorAll("article.o_sd_item .o_sd_body")]
        .some((body) => (body.shadowRoot || body).textContent.includes(text));
    while (!isThere()) {
        await frame();
    }
    return performance.now() - start;
}"""

ITEMS = """
INSERT INTO servicedesk_item (ticket_id, kind, direction, state, date, author_name, subject, email_from, email_to, body,
                              preview, create_date, write_date)
SELECT {ticket}, 'email', 'in', 'received', now() at time zone 'utc' - make_interval(mins => {count} - n),
       'Jana Novotná', 'Long', 'jana.novotna@stavbyvltava.example', 'podpora@severka.example',
       '<p>Dobrý den, zpráva číslo ' || n || '.</p><p>' || repeat('Od rána nám padá VPN. ', 20) || '</p>'
       || CASE WHEN n = {count} THEN '<p>newest of {count}</p>' ELSE '' END,
       'Dobrý den, zpráva číslo ' || n, now() at time zone 'utc', now() at time zone 'utc'
  FROM generate_series(1, {count}) n;
INSERT INTO ir_attachment (name, type, res_model, res_id, mimetype, file_size, create_date, write_date)
SELECT 'protokol ' || id || '.pdf', 'binary', 'servicedesk.item', id, 'application/pdf', 120000, now(), now()
  FROM servicedesk_item WHERE ticket_id = {ticket} ORDER BY id LIMIT {files};
ANALYZE servicedesk_item, ir_attachment;
"""


def measure(database):
    """`{"small": ms, "large": ms}`: medians; the two tickets take turns."""
    server = OdooServer(Path((DEV / "venv").read_text().strip()), database, "bench-screen", crons=0)
    try:
        server.start()
        department = server.rpc("servicedesk.department", "create", [{"name": "Screen", "email": "screen@x.example"}])
        tickets = {}
        for name, count, files in (("small", SMALL, SMALL // 2), ("large", LARGE, FILES)):
            tickets[name] = ticket, _text = server.rpc("servicedesk.ticket", "create", [{
                "subject": name, "department_id": department}]), f"newest of {count}"
            psql(ITEMS.format(ticket=ticket, count=count, files=files), database)
        times = {name: [] for name in tickets}
        with chromium() as browser:
            page = sign_in(browser, server, "admin", "/odoo/tickets")
            page.locator(".o_list_view").wait_for()
            for number in range(WARM_UP + REPEATS):
                for name, ticket in tickets.items():
                    taken = page.evaluate(OPEN, list(ticket))
                    if number >= WARM_UP:
                        times[name].append(taken)
        return {name: statistics.median(taken) for name, taken in times.items()}
    finally:
        server.stop()


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
