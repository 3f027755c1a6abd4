import runpy
from datetime import timedelta

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_path

from ...tools.mail import addresses
from ..common import ServicedeskCase

DIRECTOR = "reditel@lipa.example"


class AddressCase(ServicedeskCase):
    """A customer, Jana, and another customer with a director, whom the desk knows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lipa = cls.env["res.partner"].create({"name": "Lípa", "is_company": True, "email": "info@lipa.example"})
        cls.director = cls.env["res.partner"].create(
            {"name": "Ředitel", "parent_id": cls.lipa.id, "email": DIRECTOR, "phone": "+420602999888"})
        cls.customer = new_test_user(cls.env, "jana", "base.group_portal", partner_id=cls.jana.id, name=cls.jana.name,
                                     email=cls.jana.email)
        cls.Claim = cls.env["servicedesk.address.claim"]
        cls.admin = new_test_user(cls.env, "deskadmin", "servicedesk.group_admin", email="deskadmin@severka.example")

    def find(self, address):
        return self.env["res.partner"]._find_servicedesk_client(address, self.env.company)

    def write_as(self, user, partner=None, **vals):
        """Write as the portal's controllers do: in the person's name, in superuser mode."""
        (partner or user.partner_id).with_user(user).sudo().write(vals)

    def claim(self, value, partner=None):
        return self.Claim.search([("partner_id", "=", (partner or self.jana).id), ("value", "=", value)])

    def token(self, address):
        """Return the token of the newest mail to an address, or ``""``."""
        mail = self.env["mail.mail"].search([("email_to", "=", address)], limit=1, order="id desc")
        return mail.body_html.partition("/servicedesk/link/")[2].partition('"')[0] if mail else ""


class TestProof(AddressCase):
    def test_the_directors_mail_stays_the_directors(self):
        """A customer who enters the address of another customer's director gets none of the director's mail."""
        self.assertEqual(self.find(DIRECTOR), self.director)
        self.write_as(self.customer, email=DIRECTOR)
        self.assertEqual(self.find(DIRECTOR), self.director, "not nobody's either")
        self.assertEqual(self.claim(DIRECTOR).owner_id, self.director)
        self.assertTrue(self.jana.with_user(self.agent).servicedesk_unproven, "staff sees it on the contact")

    def test_every_notation_waits(self):
        for written in (f"  {DIRECTOR.upper()} ", f"Ředitel <{DIRECTOR}>", f"{DIRECTOR}, jana@elsewhere.example",
                        f"jana@elsewhere.example, {DIRECTOR}", "reditel+x@lipa.example", f'"x"@x, {DIRECTOR}'):
            with self.subTest(written=written):
                self.write_as(self.customer, email=written)
                self.assertEqual(self.find(DIRECTOR), self.director)
                self.assertNotIn(self.jana, self.find("reditel+x@lipa.example") | self.find("jana@elsewhere.example"))
                self.assertNotIn(DIRECTOR, self.jana._get_servicedesk_addresses())

    def test_international_domains(self):
        self.director.email = "reditel@bücher.example"
        for written in ("reditel@bücher.example", "Reditel@xn--bcher-kva.example"):
            self.write_as(self.customer, email=written)
            for sender in ("reditel@bücher.example", "reditel@xn--bcher-kva.example"):
                self.assertEqual(self.find(sender), self.director)
        self.assertEqual(addresses.canonical("A@Bücher.example"), "a@xn--bcher-kva.example")
        self.assertEqual(addresses.variants("A@b.example"), ["a@b.example"])
        self.assertFalse(addresses.is_bare("a@b.example, c@b.example"))
        self.assertFalse(addresses.is_bare("A <a@b.example>"))

    def test_the_address_before_goes_on_counting(self):
        former, new = self.jana.email, "jana@soukroma.example"
        self.write_as(self.customer, email=new)
        self.assertEqual((self.find(former), self.find(new)), (self.jana, self.env["res.partner"]))
        self.claim(new)._confirm()
        self.assertEqual(self.find(new), self.jana)
        self.assertEqual(self.find(former), self.client, "the company's domain")
        self.write_as(self.customer, email="jana@treti.example")
        self.assertEqual(self.find(new), self.jana)
        self.write_as(self.customer, email=new)
        self.assertEqual(self.claim(new).state, "confirmed", "back to what was confirmed")

    def test_back_to_what_staff_has_entered(self):
        former = self.jana.email
        self.write_as(self.customer, email="x@soukroma.example")
        self.write_as(self.customer, email=former)
        self.assertEqual(self.find(former), self.jana)
        self.assertFalse(self.jana.servicedesk_claim_ids)

    def test_a_domain_of_a_customer_yields_to_nobody(self):
        self.write_as(self.customer, email="kdosi@lipa.example")
        self.assertEqual(self.find("kdosi@lipa.example"), self.lipa)
        self.claim("kdosi@lipa.example")._confirm()
        self.assertEqual(self.find("kdosi@lipa.example"), self.lipa, "not by a confirmed address either")
        self.assertEqual(self.claim("kdosi@lipa.example").owner_id, self.lipa)
        self.claim("kdosi@lipa.example").with_user(self.admin).action_accept()
        self.assertEqual(self.find("kdosi@lipa.example"), self.jana, "but by staff's word")

    def test_nobody_makes_oneself_a_company_of_a_domain(self):
        self.customer.partner_id = self.client
        self.write_as(self.customer, self.client, email="my@cizi.example")
        self.assertFalse(self.find("nekdo@cizi.example"))
        self.write_as(self.customer, self.client, email="my@lipa.example")
        self.assertEqual(self.find("nekdo@lipa.example"), self.lipa, "nor makes the domain ambiguous")

    def test_many_claims_do_not_crowd_the_owner_out(self):
        for number in range(25):
            self.env["res.partner"].with_user(self.customer).sudo().create(
                {"name": f"Adresa {number}", "parent_id": self.client.id, "type": "invoice", "email": DIRECTOR})
        self.assertEqual(self.find(DIRECTOR), self.director)

    def test_who_writes(self):
        """Nobody's word counts for the own address; whoever is no internal user, and the superuser, prove nothing."""
        partner_manager = new_test_user(self.env, "manager", "base.group_user,base.group_partner_manager",
                                        email="manager@severka.example")
        public = self.env.ref("base.public_user")
        for user, partner, proven in (
                (partner_manager, self.jana, True), (partner_manager, partner_manager.partner_id, False),
                (self.customer, self.jana, False), (public, self.jana, False)):
            with self.subTest(user=user.login, partner=partner.name):
                address = f"{user.login}.{partner.id}@nova.example"
                partner.with_user(user).sudo().email = address
                self.assertEqual(self.find(address) == partner, proven)
        made = self.env["res.partner"].with_user(public).sudo().create({"name": "Form", "email": "form@nova.example"})
        self.assertFalse(self.find("form@nova.example"))
        self.assertEqual(self.claim("form@nova.example", made).author_id, public)

    def test_a_preference_of_ones_own(self):
        self.agent.with_user(self.agent).write({"email": DIRECTOR})
        self.assertEqual(self.find(DIRECTOR), self.director)
        self.assertIn(DIRECTOR, self.agent.with_user(self.agent).read(["servicedesk_address_note"])[0][
            "servicedesk_address_note"])
        self.assertTrue(self.token(DIRECTOR))

    def test_an_agent_gives_oneself_no_further_address(self):
        Address = self.env["servicedesk.address"].with_user(self.agent)
        Address.create({"partner_id": self.agent.partner_id.id, "value": "jiny@nova.example"})
        self.assertFalse(self.find("jiny@nova.example"))
        self.claim("jiny@nova.example", self.agent.partner_id)._confirm()
        self.assertEqual(self.find("jiny@nova.example"), self.agent.partner_id)
        self.new_ticket()
        further = Address.create({"partner_id": self.jana.id, "value": "jana2@nova.example"})
        self.assertEqual(self.find("jana2@nova.example"), self.jana)
        further.partner_id = self.agent.partner_id
        self.assertFalse(self.find("jana2@nova.example"))

    def test_numbers(self):
        def callers(number):
            return self.env["res.partner"]._find_servicedesk_callers(number, self.env.company)

        self.write_as(self.customer, phone="+420 602 999 888")
        self.assertEqual(callers("+420602999888"), self.director)
        self.write_as(self.customer, phone="+420602777666")
        self.assertFalse(callers("+420602777666"))
        found = self.env["servicedesk.call.log"].with_user(self.agent).find("602777666")
        self.assertFalse(found["people"])
        self.claim("+420602777666")._confirm()
        self.assertEqual(callers("+420602777666"), self.jana)

    def test_another_country_makes_another_number(self):
        """Who changes only the country by which a number is read has written a number, too."""
        cz, sk = self.env.ref("base.cz"), self.env.ref("base.sk")
        self.jana.write({"phone": "905 123 456", "country_id": cz.id})
        self.director.phone = "+421905123456"
        self.write_as(self.customer, country_id=sk.id)
        self.assertEqual(self.jana.phone_sanitized, "+421905123456")
        self.assertEqual(self.env["res.partner"]._find_servicedesk_callers("+421905123456", self.env.company),
                         self.director)

    def test_staff_has_the_last_word(self):
        self.write_as(self.customer, email="nova@nova.example")
        self.jana.email = "jina@nova.example"
        self.assertFalse(self.jana.servicedesk_claim_ids)
        self.write_as(self.customer, email="nova@nova.example")
        claim = self.claim("nova@nova.example")
        with self.assertRaises(AccessError):
            claim.with_user(self.agent).action_accept()
        claim.with_user(self.admin).action_accept()
        self.assertFalse(claim.exists())
        self.assertEqual(self.find("nova@nova.example"), self.jana)
        self.assertIn("nova@nova.example", self.jana.message_ids[0].body)
        self.write_as(self.customer, email="dalsi@nova.example")
        claim = self.claim("dalsi@nova.example")
        token = self.token("dalsi@nova.example")
        claim.with_user(self.admin).action_refuse()
        self.assertFalse(self.find("dalsi@nova.example"))
        self.assertFalse(self.env["servicedesk.access.link"]._find_open("confirm", token), "revoked with it")
        self.assertFalse(claim._confirm())
        with self.assertRaises(UserError):
            self.admin.partner_id.with_user(self.admin).sudo().email = "admin@nova.example"
            self.claim("admin@nova.example", self.admin.partner_id).with_user(self.admin).action_accept()

    def test_staff_gives_a_former_address_to_somebody_else(self):
        former = self.jana.email
        self.write_as(self.customer, email="nova@nova.example")
        self.director.email = former
        self.assertEqual(self.find(former), self.director)

    def test_what_is_written_later_is_not_confirmed_by_an_old_link(self):
        self.write_as(self.customer, email="nova@nova.example")
        self.write_as(self.customer, email=DIRECTOR)
        self.assertFalse(self.claim("nova@nova.example"))
        self.assertFalse(self.find("nova@nova.example"))

    def test_merged_contacts(self):
        """Merging somebody who had only claimed an address into its owner takes nothing from the owner, nor does more.
        """
        Wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.env.ref("base.user_admin"))
        double, other = self.env["res.partner"].with_user(self.env.ref("base.public_user")).sudo().create([
            {"name": "Double", "email": DIRECTOR}, {"name": "Other", "email": "jen@slovo.example"}])
        Wizard._merge((double | self.director).ids, self.director)
        self.assertEqual(self.find(DIRECTOR), self.director)
        without = self.env["res.partner"].create({"name": "Bez adresy"})
        Wizard._merge((other | without).ids, without)
        self.assertEqual(without.email, "jen@slovo.example")
        self.assertFalse(self.find("jen@slovo.example"), "merging proves nothing")

    def test_nobody_writes_claims_or_links(self):
        for model in ("servicedesk.address.claim", "servicedesk.access.link"):
            for user in (self.agent, self.customer, self.admin):
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(self.env[model].with_user(user).has_access(operation))


class TestSuperuser(AddressCase):
    superuser_is_staff = False

    def test_imports_jobs_and_gateways(self):
        self.assertEqual(self.env.uid, SUPERUSER_ID)
        self.env["res.partner"].load(["name", "email"], [["Dovoz", "dovoz@nova.example"]])
        made = self.env["res.partner"].create({"name": "Brána", "email": "brana@nova.example"})
        self.assertFalse(self.find("dovoz@nova.example") | self.find("brana@nova.example"))
        self.env["res.partner"].with_user(self.env.ref("base.user_admin")).load(
            ["name", "email"], [["Ručně", "rucne@nova.example"]])
        self.assertTrue(self.find("rucne@nova.example"))
        made.with_user(self.env.ref("base.user_admin")).email = "brana2@nova.example"
        self.assertEqual(self.find("brana2@nova.example"), made)
        made.email = "brana3@nova.example"
        self.assertEqual((self.find("brana2@nova.example"), self.find("brana3@nova.example")),
                         (made, self.env["res.partner"]))


class TestLinks(AddressCase):
    def issue(self, **vals):
        link, token = self.env["servicedesk.access.link"]._issue(
            "confirm", self.jana, "x@nova.example", timedelta(days=1))
        link.write(vals)
        return link, token

    def test_only_a_digest_is_stored(self):
        link, token = self.issue()
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM servicedesk_access_link WHERE id = %s", [link.id])
        self.assertNotIn(token, str(self.env.cr.fetchone()))
        with self.assertRaises(AccessError):
            link.with_user(self.admin).read(["token_hash"])

    def test_what_opens_nothing(self):
        Link = self.env["servicedesk.access.link"]
        past = fields.Datetime.now() - timedelta(seconds=1)
        for state, vals in (("expired", {"expires_at": past}), ("revoked", {"revoked_at": past}),
                            ("used", {"use_count": 1})):
            link, token = self.issue(**vals)
            self.assertEqual((link.state, bool(Link._find_open("confirm", token)), link._use()), (state, False, False))
        link, token = self.issue()
        self.assertFalse(Link._find_open("invitation", token), "of another purpose")
        for wrong in ("", None, "x", token[:-1], "x" * 5000, "\0"):
            self.assertFalse(Link._find_open("confirm", wrong))
        self.assertEqual(Link._find_open("confirm", token), link)
        self.assertEqual((link._use(), link._use()), (True, False))
        self.assertEqual((link.use_count, bool(link.last_used_at)), (1, True))

    def test_revoked_by_an_administrator(self):
        link, token = self.issue()
        with self.assertRaises(AccessError):
            link.with_user(self.agent).action_revoke()
        link.with_user(self.admin).action_revoke()
        self.assertFalse(self.env["servicedesk.access.link"]._find_open("confirm", token))

    def test_old_ones_are_forgotten(self):
        old, _token = self.issue(expires_at=fields.Datetime.now() - timedelta(days=91))
        young, _token = self.issue(expires_at=fields.Datetime.now() - timedelta(days=89))
        self.env["servicedesk.access.link"]._gc_links()
        self.assertEqual((old.exists(), young.exists()), (young.browse(), young))

    def test_the_mail_carries_nobodys_words(self):
        self.jana.name = "You have won: https://evil.example"
        self.write_as(self.customer, email=DIRECTOR)
        mail = self.env["mail.mail"].search([("email_to", "=", DIRECTOR)])
        self.assertNotIn("evil", mail.body_html + mail.subject)
        self.assertIn(DIRECTOR, mail.body_html)

    def test_mails_are_limited(self):
        """So many mails to a person, so many to one address by whomever; who asks is not told of the others."""
        def count(address):
            return self.env["mail.mail"].search_count([("email_to", "=", address)])

        self.write_as(self.customer, email=DIRECTOR)
        claim = self.claim(DIRECTOR)
        self.assertEqual([claim._send_link() for _time in range(3)], [True, True, False])
        self.assertEqual(count(DIRECTOR), 3)
        other = new_test_user(self.env, "alena", "base.group_portal", partner_id=self.alena.id)
        self.write_as(other, email=DIRECTOR)
        self.assertTrue(self.claim(DIRECTOR, self.alena)._send_link(), "the same answer")
        self.assertEqual(count(DIRECTOR), 3)


@tagged("post_install", "-at_install")
class TestUpdate(AddressCase):
    """Who of before is listed: accounts of the portal whose address is their own word alone."""

    def make(self, name, maker, contact=None, login=None):
        address = f"{name}@stare.example"
        partner = self.env["res.partner"].create({"name": name, "email": address})
        user = new_test_user(self.env, login or address, "base.group_portal", partner_id=partner.id, email=address)
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_users SET create_uid = %s WHERE id = %s", [maker.id, user.id])
        self.env.cr.execute("UPDATE res_partner SET create_uid = %s WHERE id = %s",
                            [(contact or maker).id, partner.id])
        return partner

    @mute_logger("odoo.tests")
    def test_listed_once_and_settled_by_one_click(self):
        public, admin = self.env.ref("base.public_user"), self.env.ref("base.user_admin")
        signed_up = self.make("signup", public)
        self.make("invited", public, admin)
        self.make("made", admin, public)
        self.make("otherlogin", public, login="otherlogin")
        self.make("big", public, login="BIG@stare.example".lower())
        for module in ("servicedesk", "__import__"):
            name = module.strip("_")
            account = self.make(name, public).user_ids
            self.env["ir.model.data"].create(
                {"module": module, "name": f"user_of_{name}", "model": "res.users", "res_id": account.id})
        plain = self.env["res.partner"].create({"name": "Plain", "email": "plain@stare.example"})
        migrate = runpy.run_path(file_path("servicedesk/migrations/19.0.1.0.3/post-addresses.py"))["migrate"]
        for _time in range(2):
            migrate(self.env.cr, "19.0.1.0.2")
        listed = self.Claim.search([("state", "=", "doubtful"), ("value", "like", "@stare.example")])
        self.assertEqual(set(listed.mapped("value")), {
            "signup@stare.example", "big@stare.example", "import@stare.example"})
        self.assertEqual(self.find("plain@stare.example"), plain)
        self.assertFalse(self.find("signup@stare.example"))
        self.assertTrue(self.find("invited@stare.example") and self.find("made@stare.example"))
        steps = self.env["servicedesk.first.steps"].with_user(self.admin)
        self.assertGreaterEqual(steps.get_state()["doubtful"], 2)
        listed.with_user(self.admin).action_accept()
        self.assertEqual(steps.get_state()["doubtful"], 0)
        self.assertEqual(self.find("signup@stare.example"), signed_up)
