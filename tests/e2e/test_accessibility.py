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
    ".o_search_panel",  # its arrows have no name
    ".o_select_menu",  # an autocomplete attribute of no known kind
    ".text-muted",  # 4.33 : 1 on white
    ".text-bg-success",  # badges: white on Bootstrap's green
    ".settings_tab",  # tabs without a list of tabs
    ".o-mail-ActivityButton",  # its clock is a picture without a name; the button has a title
]
# Said of menu items and of the fields behind select menus wherever Odoo draws them.
SAID_OF_ODOO = ["aria-selected", "aria-expanded"]
RUN = """([exclude, ignored]) => axe.run({exclude}, {
    resultTypes: ["violations"],
    rules: {"html-has-lang": {enabled: false}, "aria-dialog-name": {enabled: false}},
}).then(({violations}) => violations
    .filter(({impact}) => ["serious", "critical"].includes(impact))
    .flatMap(({id, nodes}) => nodes.map(({target, any, all, none}) =>
        `${id}: ${target.join(" ")}: ${[...any, ...all, ...none].map(({message}) => message)[0]}`))
    .filter((problem) => !ignored.some((name) => problem.includes(`attribute is not allowed: ${name}`))))"""


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


@pytest.fixture(scope="module")
def settings(desk, ticket):
    """A rule, a promise and an SMS gateway: `{screen: path}` of what administrators see of them."""
    department = desk.rpc("servicedesk.department", "search", [[("email", "=", SUPPORT)]])
    gateway = desk.rpc("servicedesk.sms.gateway", "create", [{
        "name": "Kannel", "provider": "kannel", "url": "http://127.0.0.1:9/sendsms", "username": "odoo"}])
    desk.rpc("servicedesk.department", "write", [
        department, {"sms_enabled": True, "sms_gateway_id": gateway, "sms_number": "+420910000001"}])
    rule = desk.rpc("servicedesk.rule", "create", [{
        "name": "VPN", "subject_words": "vpn", "set_department_id": department[0], "set_priority": "2"}])
    policy = desk.rpc("servicedesk.sla.policy", "create", [{
        "name": "Standard", "first_response_hours": 4, "resolution_hours": 16,
        "step_ids": [(0, 0, {"trigger": "breach", "recipient": "manager"})]}])
    row = desk.rpc("servicedesk.intake", "search", [[("subject", "=", "VPN")]])[0]
    action = "/odoo/action-servicedesk"
    return {
        "ledger": f"{action}.servicedesk_intake_action", "original": f"{action}.servicedesk_intake_action/{row}",
        "rules": f"{action}.servicedesk_rule_action", "rule": f"{action}.servicedesk_rule_action/{rule}",
        "policy": f"{action}.servicedesk_sla_policy_action/{policy}",
        "gateway": f"{action}.servicedesk_sms_gateway_action/{gateway}",
        "settings": f"{action}.res_config_settings_action", "first_steps": f"{action}.first_steps_action",
    }


def check(page, axe, wait):
    page.locator(wait).first.wait_for()
    page.wait_for_timeout(800)  # fades and late avatars
    page.evaluate(f"{axe};0")
    problems = page.evaluate(RUN, [ODOO, SAID_OF_ODOO])
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

    @pytest.mark.parametrize("kind", ["sms", "call", "meeting"])
    def test_channels(self, browser, axe, ticket, settings, dark, kind):
        page = browser("petr", f"{LIST}/{ticket}", dark=dark)
        page.locator(f".o_sd_answer_by.o_sd_kind_{kind}").click()
        check(page, axe, f".o_sd_composer .o_sd_tab_{kind}.active")

    def test_notices(self, browser, axe, ticket, dark):
        page = browser("petr", LIST, dark=dark)
        page.locator(".o_sd_notices_toggle").click()
        check(page, axe, ".o_sd_notices_all")

    def test_phone(self, browser, axe, ticket, dark):
        check(browser("petr", f"{LIST}/{ticket}", size=(375, 812), dark=dark), axe, ".o_sd_answers")

    @pytest.mark.parametrize("screen, wait", [
        ("ledger", ".o_data_row"), ("original", ".o_form_view"), ("rules", ".o_data_row"), ("rule", ".o_form_view"),
        ("policy", ".o_form_view"), ("gateway", ".o_form_view"), ("settings", ".o_form_view"),
        ("first_steps", ".o_sd_fs_steps"),
    ])
    def test_administration(self, browser, axe, settings, dark, screen, wait):
        check(browser("admin", settings[screen], dark=dark), axe, wait)


@pytest.mark.slow
def test_portal(browser, axe, ticket):
    check(browser("jana", "/my/requests"), axe, "h1, h2, h3, .list-group")
    check(browser("jana", f"/my/requests/{ticket}"), axe, "h1, h2, h3")
