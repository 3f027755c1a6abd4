"""Two agents on one ticket, each in a browser of their own, with the real bus between them."""
import pytest

SUBJECT = "Two at once"


@pytest.fixture(scope="module")
def ticket(desk):
    """A ticket with one note, visible to petr and lenka."""
    department = desk.rpc("servicedesk.department", "create", [{"name": "Podpora", "email": "podpora@severka.example"}])
    for name, login in (("Petr Dvořák", "petr"), ("Lenka Bartošová", "lenka")):
        user = desk.rpc("res.users", "create", [{
            "name": name, "login": login, "password": login, "email": f"{login}@severka.example",
            "tz": "Europe/Prague", "group_ids": [(4, desk.ref("servicedesk.group_user"))]}])
        desk.rpc("servicedesk.membership", "create", [{"department_id": department, "user_id": user}])
    return desk.rpc("servicedesk.ticket", "create", [{
        "subject": SUBJECT, "department_id": department, "description": "<p>It does not work.</p>"}])


def open_both(browser, ticket):
    pages = [browser(login, path=f"/odoo/tickets/{ticket}") for login in ("petr", "lenka")]
    for page in pages:
        page.get_by_role("article").filter(has_text="It does not work.").wait_for()
    return pages


def wait_for_stars(page, count):
    """Until the open form shows this priority."""
    page.wait_for_function(f"document.querySelectorAll('[name=priority] .fa-star').length === {count}")


def test_two_see_each_other_read_and_write(browser, ticket):
    petr, lenka = open_both(browser, ticket)
    petr.get_by_role("img", name="Here now: Lenka Bartošová").wait_for()
    lenka.get_by_role("img", name="Here now: Petr Dvořák").wait_for()

    lenka.keyboard.press("n")
    lenka.locator(".o_sd_composer .odoo-editor-editable").click()
    lenka.keyboard.type("I take it")
    petr.get_by_text("Lenka Bartošová is writing an internal note…").wait_for()
    lenka.get_by_role("button", name="Save internal note").click()
    petr.get_by_role("article").filter(has_text="I take it").wait_for()  # without a reload
    petr.get_by_text("is writing an internal note").wait_for(state="hidden")

    lenka.goto("about:blank")
    petr.get_by_role("img", name="Here now").wait_for(state="detached")
    # Who has gone has left a trace: the ticket and its note have been read.
    petr.reload()
    petr.get_by_role("button", name="Read by Lenka Bartošová").first.wait_for()


def test_changes_of_others_come_live_and_leave_alone_what_one_types(desk, browser, ticket):
    petr, lenka = open_both(browser, ticket)
    subject = petr.get_by_placeholder("What is it about?")

    desk.rpc("servicedesk.ticket", "write", [[ticket], {"priority": "2"}], login="lenka")
    petr.get_by_text("Priority: Normal → High · Lenka Bartošová").first.wait_for()
    wait_for_stars(petr, 2)  # the form follows by itself

    subject.fill("Half a wo")
    desk.rpc("servicedesk.ticket", "write", [[ticket], {"priority": "3"}], login="lenka")
    petr.locator(".o_sd_changes").get_by_text("Priority: High → Urgent · Lenka Bartošová").wait_for()
    wait_for_stars(petr, 3)
    assert subject.input_value() == "Half a wo"

    desk.rpc("servicedesk.ticket", "write", [[ticket], {"subject": "Lenka's words"}], login="lenka")
    petr.get_by_text("Changed meanwhile:").wait_for()
    assert subject.input_value() == "Half a wo"
    petr.get_by_role("button", name="Take over").click()
    petr.wait_for_function("document.querySelector('[name=subject] textarea, [name=subject] input').value"
                           " === \"Lenka's words\"")
    assert desk.rpc("servicedesk.ticket", "read", [[ticket], ["subject"]])[0]["subject"] == "Lenka's words"


def test_a_customer_hears_nothing(desk, ticket):
    """Neither presence nor its channel is open to somebody without a role."""
    partner = desk.rpc("res.partner", "create", [{"name": "Eve", "email": "eve@elsewhere.example"}])
    desk.rpc("res.users", "create", [{
        "login": "eve", "password": "eve", "partner_id": partner,
        "group_ids": [(6, 0, [desk.ref("base.group_portal")])]}])
    with pytest.raises(Exception, match="not allowed"):
        desk.rpc("servicedesk.ticket", "announce", [[ticket]], login="eve")
