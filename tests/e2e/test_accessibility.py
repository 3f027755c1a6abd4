"""axe-core over the screens, light and dark: no serious or critical violation in what is ours, contrast included."""
import pytest
from test_path import JANA, SUPPORT, agent, new_mail, settle  # noqa: F401

from dev import node_tools

LIST = "/odoo/action-servicedesk.servicedesk_ticket_action"
# Odoo's own markup, the same on every screen of its web client: not ours to change.
ODOO = [
    ".o_main_navbar",  # menus with buttons as children, a brand without a menu around it
    ".o_control_panel",  # facets of the search bar with aria-selected outside of a list box
    ".o_tag",  # aria-selected on tags that are no options
    "img.rounded",  # avatars of many2one fields without an alternative text; the name stands beside
    ".o-autocomplete--input[aria-selected]",  # a combobox with aria-selected
    ".o_list_renderer .form-check-input",  # the check boxes of lists have no label
    ".o_optional_columns_dropdown",
    ".o_notebook_headers",  # tabs whose list is a presentation role
    ".o_colorlist",
]
RUN = """([exclude]) => axe.run({exclude}, {
    resultTypes: ["violations"],
    rules: {"html-has-lang": {enabled: false}, "aria-dialog-name": {enabled: false}},
}).then(({violations}) => violations
    .filter(({impact}) => ["serious", "critical"].includes(impact))
    .flatMap(({id, nodes}) => nodes.map(({target, any, all, none}) =>
        `${id}: ${target.join(" ")}: ${[...any, ...all, ...none].map(({message}) => message)[0]}`)))"""


@pytest.fixture(scope="module")
def axe():
    return (node_tools.ensure() / "node_modules/axe-core/axe.min.js").read_text()


@pytest.fixture(scope="module")
def ticket(desk, mail, agent):  # noqa: F811
    """A ticket with a customer's mail, a note, a picture and a document; its customer may sign in."""
    message = new_mail("VPN", "It falls every ten minutes.")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="plan.pdf")
    message.add_attachment(b"line", maintype="text", subtype="plain", filename="server.log")
    mail.deliver(message, JANA, SUPPORT)
    settle(desk)
    number = desk.rpc("servicedesk.ticket", "search", [[("subject", "=", "VPN")]])[0]
    desk.rpc("servicedesk.ticket", "write", [[number], {"owner_id": desk.rpc(
        "res.users", "search", [[("login", "=", agent)]])[0]}])
    person = desk.rpc("res.partner", "search", [[("email", "=", JANA)]])[0]
    desk.rpc("res.users", "create", [{"login": "jana", "password": "jana", "partner_id": person,
                                      "group_ids": [(6, 0, [desk.ref("base.group_portal")])]}])
    return number


def check(page, axe, wait):
    page.locator(wait).first.wait_for()
    page.wait_for_timeout(800)  # fades and late avatars
    page.evaluate(f"{axe};0")
    problems = page.evaluate(RUN, [ODOO])
    assert not problems, "\n".join(problems)


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
class TestScreens:
    def test_list(self, browser, axe, ticket, dark):
        check(browser("petr", LIST, dark=dark), axe, ".o_data_row")

    def test_ticket_with_composer_and_panel(self, browser, axe, ticket, dark):
        page = browser("petr", f"{LIST}/{ticket}", dark=dark)
        page.locator(".o_sd_reply").click()
        page.locator(".o_sd_all_files").wait_for()
        check(page, axe, ".o_sd_composer")

    def test_files(self, browser, axe, ticket, dark):
        page = browser("petr", f"{LIST}/{ticket}", dark=dark)
        page.locator(".o_sd_all_files").click()
        page.locator(".o_sd_files_list input").first.check()
        check(page, axe, ".o_sd_to_card")

    def test_department(self, browser, axe, ticket, dark, desk):
        department = desk.rpc("servicedesk.department", "search", [[("email", "=", SUPPORT)]])[0]
        check(browser("admin", f"/odoo/servicedesk.department/{department}", dark=dark), axe, ".o_form_view")


@pytest.mark.slow
def test_portal(browser, axe, ticket):
    check(browser("jana", "/my/requests"), axe, "h1, h2, h3, .list-group")
    check(browser("jana", f"/my/requests/{ticket}"), axe, "h1, h2, h3")
