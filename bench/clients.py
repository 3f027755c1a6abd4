"""Clients and their people for generated tickets: written by the ORM, so that every add-on computes its own fields."""
from . import words

PEOPLE = 4  # of one client
DOMAIN = "klient{number}.example"


def ensure(env, tickets):
    """Ids of the generated people, enough for so many tickets (20 each, as a desk of some years has)."""
    Partner = env["res.partner"].with_context(tracking_disable=True, no_vat_validation=True)
    wanted = max(80, tickets // (20 * PEOPLE))
    known = Partner.search_count([("ref", "=like", "bench-%")])
    for first in range(known, wanted, 500):
        numbers = range(first, min(wanted, first + 500))
        companies = Partner.create([_prepare_company(number) for number in numbers])
        Partner.create([
            _prepare_person(number, index, company)
            for number, company in zip(numbers, companies, strict=True) for index in range(PEOPLE)])
        env.cr.commit()
    return Partner.search([("parent_id.ref", "=like", "bench-%")], order="id").ids


def _prepare_company(number):
    name = f"{_turn(words.COMPANIES, number)} {_turn(words.RIVERS, number)} {number + 1}"
    domain = DOMAIN.format(number=number + 1)
    return {"name": name, "is_company": True, "ref": f"bench-{number}", "email": f"info@{domain}"}


def _prepare_person(number, index, company):
    first, last = (_turn(names, number + index) for names in (words.MEN if index % 2 else words.WOMEN))
    return {"name": f"{first} {last}", "parent_id": company.id,
            "email": f"osoba{index + 1}@{DOMAIN.format(number=number + 1)}"}


def _turn(names, number):
    return names[number % len(names)]
