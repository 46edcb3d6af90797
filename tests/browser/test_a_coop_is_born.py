"""A co-op from nothing, on phones of 360 pixels: all that a thumb has to press, from the address of setting up on.

A part of `make proofs`; the same story over HTTP is in every run of the tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import MORNING, code_in, overflow, sign_in
from tests.journeys.founding import address_of_setting_up, member
from tests.proofs import proof
from tests.stack import Stack

Open = Callable[..., Page]
Look = Callable[[str, Page], None]
NORA, IVAN, LUZ, PAT, MAYA = (f"{name}@example.org" for name in ("nora", "ivan", "luz", "pat", "maya"))


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return MORNING.replace(month=month, day=day, hour=hour, minute=minute)


@proof
def test_a_coop_is_born(nothing_yet: Stack, open_window: Open) -> None:
    Birth(nothing_yet, open_window).told()


class Birth:
    """The story; `look` is called at each page that is worth a picture, with a name for it."""

    def __init__(self, stack: Stack, open_window: Open, look: Look = lambda name, page: None) -> None:
        self.stack, self.look = stack, look
        self.phones = {email: open_window(language="en", width=360) for email in (NORA, IVAN, LUZ)}
        self.phones[MAYA] = open_window(language="es", width=360)
        self.phones[PAT] = open_window(language="en", width=360)
        self.nora, self.ivan, self.luz, self.maya, self.pat = (self.phones[one] for one in (NORA, IVAN, LUZ, MAYA, PAT))

    def told(self) -> None:
        """From nothing to the first pay, then the fourth member and the first farewell."""
        self.nora_is_first()
        self.two_more_come()
        self.luz_can_work()
        self.they_open()
        self.pat_books()
        self.luz_works()
        self.luz_is_paid()
        self.maya_becomes_a_candidate()
        self.luz_leaves()

    def nora_is_first(self) -> None:
        self.nora.goto(self.stack.site + address_of_setting_up())
        fill(self.nora, {"Your name": "Nora Diaz", "Your e-mail address": NORA, "Home ZIP code": "11215"})
        fill(self.nora, {"What is the co-op called?": "Carroll Street Co-op"})
        self.look("begin", self.nora)
        press(self.nora, "Begin")
        expect(self.nora.locator("h1")).to_have_text("What is still missing")
        self.look("missing", self.nora)

    def two_more_come(self) -> None:
        """Asked by Nora, in by their own mail; each with a key, because each holds an office."""
        self.sets_up_a_key(NORA)
        self.nora.goto(f"{self.stack.site}/setup")
        self.mend("There are fewer than three members.")
        for email, name, offices in (
            (IVAN, "Ivan Petrov", "membership mentor"),
            (LUZ, "Luz Romero", "treasurer safety"),
        ):
            fill(self.nora, {"Their e-mail address": email, "Their name": name})
            for office in offices.split():
                self.nora.locator(f"[name=offices][value={office}]").check()
            if email == IVAN:
                self.look("founders", self.nora)
            press(self.nora, "Invite")
            self.show_that_it_is_you(NORA)
        for email in (IVAN, LUZ):
            self.stack.until(lambda email=email: bool(self.stack.mails.to(email)), f"{email} is invited by mail")
            sign_in(self.phones[email], self.stack, email)
            link = next(
                link for mail in self.stack.mails.to(email) for link in mail.links if "/setup/founders/" in link
            )
            self.phones[email].goto(link)
            fill(self.phones[email], {"Home ZIP code": "11215"})
            press(self.phones[email], "Yes, I am in")
        for email in (IVAN, LUZ):
            self.sets_up_a_key(email)

    def mend(self, lacks: str) -> None:
        """From what is missing to the page where it is mended."""
        follow(self.nora.locator("main li", has_text=lacks).get_by_role("link"))

    def sets_up_a_key(self, email: str) -> None:
        """By the line that stands on every page until it is done."""
        phone = self.phones[email]
        follow(phone.get_by_role("link", name="Set one up now"))
        follow(phone.get_by_role("link", name="Set up an app"))
        self.show_that_it_is_you(email)
        self.stack.keys[email] = phone.locator("code.letters").inner_text().strip()
        phone.get_by_role("textbox").fill(self.stack.code_of(email))
        press(phone, "Go on")
        expect(phone).to_have_url(re.compile("/recovery"))

    def show_that_it_is_you(self, email: str) -> None:
        """Where five minutes have passed, by a key or, before there is one, by a code from our mail."""
        phone = self.phones[email]
        phone.wait_for_load_state()
        if "Please show that it is you" not in phone.locator("h1").inner_text():
            return
        if email in self.stack.keys:
            code = self.stack.code_of(email)
        else:
            before = len(self.stack.mails.codes(email))
            press(phone, "Send me a code")
            code = code_in(self.stack, email, after=before)
        phone.get_by_label("Code").fill(code)
        press(phone, "Go on")

    def luz_can_work(self) -> None:
        """What she can do is the office's to say, when she works is hers."""
        self.go(self.ivan, "Members")
        follow(self.ivan.get_by_role("link", name="Luz Romero"))
        follow(self.ivan.locator("a[href$='/skills']"))
        self.ivan.get_by_label("Cleaning", exact=True).check()
        fill(self.ivan, {"note": "We worked together for years"})
        press(self.ivan, "Save")
        follow(self.luz.locator("nav.tabs a[href='/me']"))
        follow(self.luz.locator("main a[href$='/availability']"))
        for day in range(7):
            self.luz.locator(f"[name=from_{day}_0]").fill("08:00")
            self.luz.locator(f"[name=to_{day}_0]").fill("18:00")
        self.look("hours", self.luz)
        press(self.luz, "Save my week")

    def they_open(self) -> None:
        """Mail is tried, people can call, and the door opens."""
        self.go(self.nora, "What is still missing")
        follow(self.nora.locator("#mail button"))
        expect(self.nora.locator("#mail")).to_contain_text("works")
        self.mend("Nobody can reach the co-op.")
        fill(self.nora, {"Phone": "718 555 0100", "E-mail": "hello@example.org"})
        press(self.nora, "Save")
        self.go(self.nora, "What is still missing")
        self.mend("Nobody has said how members are paid.")
        self.nora.locator("[name=kind][value=draw]").check()
        self.nora.locator("[name=starts_on]").fill("2026-05-06")
        press(self.nora, "Save")
        self.go(self.nora, "What is still missing")
        self.mend("The co-op is not open for bookings.")
        self.look("door", self.nora)
        press(self.nora, "Open for bookings")
        expect(self.nora.locator("#messages")).to_contain_text("Open. Clients can book.")

    def pat_books(self) -> None:
        """Four steps and a card."""
        pat = self.pat
        pat.goto(self.stack.site)
        follow(pat.get_by_role("link", name="Book a visit"))
        fill(pat, {"ZIP code of the home": "11215"})
        press(pat, "Choose a time")
        friday = pat.locator("details", has=pat.locator("summary", has_text="Friday, May 8")).first
        if friday.get_attribute("open") is None:
            friday.locator("summary").tap()
        friday.get_by_label("9:00 AM", exact=True).check()
        press(pat, "Keep this time")
        fill(
            pat, {"Street and number": "414 7th Avenue", "Your name": "Pat Kim", "E-mail": PAT, "Phone": "718 555 0142"}
        )
        press(pat, "Look it over")
        pat.get_by_label("I have read this, and I agree.").check()
        press(pat, "Save a card and book")
        pat.wait_for_url(re.compile(re.escape(self.stack.stripe.url)))
        pat.get_by_role("button", name="Save card").tap()
        expect(pat.get_by_role("heading", level=1)).to_have_text("You are booked.")
        self.look("booked", pat)

    def luz_works(self) -> None:
        """Yes, here, finished; the card is charged."""
        self.stack.until(lambda: any("May 8" in mail.subject for mail in self.stack.mails.to(LUZ)), "Luz is asked")
        follow(self.luz.locator("nav.tabs a[href='/offers']"))
        self.look("first-offer", self.luz)
        press(self.luz, "Accept")
        expect(self.luz.locator("#messages")).to_contain_text("It is yours.")
        taps = ((at(5, 8, 9, 1), "I'm here", "You started at"), (at(5, 8, 12, 25), "Finished", "Thank you, Luz."))
        for moment, button, said in taps:
            self.stack.go_to(moment)
            sign_in_again(self.luz, self.stack, LUZ)
            self.luz.goto(f"{self.stack.site}/today")
            self.luz.get_by_role("button", name=button, exact=True).tap()
            expect(self.luz.locator("main")).to_contain_text(said)
        self.stack.wait(minutes=6)

    def luz_is_paid(self) -> None:
        """Her account at Stripe; a draft of hers as treasurer, approved by Nora."""
        follow(self.luz.locator("nav.tabs a[href='/earnings']"))
        expect(self.luz.locator("main")).to_contain_text("$124.69")
        press(self.luz, "Add your bank details")
        self.show_that_it_is_you(LUZ)
        follow(self.luz.get_by_role("button", name="Complete"))
        expect(self.luz.locator("#messages")).to_contain_text("Your bank account is ready.")
        self.stack.go_to(at(5, 16, 9))
        for email in (LUZ, NORA):
            sign_in_again(self.phones[email], self.stack, email)
            self.go(self.phones[email], "Pay runs")
            if email == LUZ:
                self.luz.get_by_text("Draft a pay run").tap()
                press(self.luz, "Make the draft")
                expect(self.luz.locator("h1")).to_contain_text("Pay run,")
        follow(self.nora.locator("main table a"))
        self.look("pay-run", self.nora)
        press(self.nora, "Approve and pay")
        self.show_that_it_is_you(NORA)
        expect(self.nora.locator("#messages")).to_contain_text("Approved. The payments are on their way.")

    def maya_becomes_a_candidate(self) -> None:
        """She writes in Spanish, presses the link in our mail, and is accepted with a mentor."""
        maya, ivan = self.maya, self.ivan
        maya.goto(self.stack.site)
        follow(maya.locator("footer a[href='/work-with-us']"))
        follow(maya.locator("main a[href$='/application']"))
        fill(maya, {"name": "Maya Cruz", "email": MAYA, "phone": "718 555 0177", "zip": "11215", "hours": "20"})
        maya.locator("[name=days][value='0']").check()
        maya.locator("[name=may_work][value=yes]").check()
        press(maya, "Enviarla")
        self.stack.until(lambda: bool(self.stack.mails.to(MAYA)), "Maya is asked whether it was her")
        maya.goto(next(link for link in self.stack.mails.to(MAYA)[0].links if "/work-with-us/" in link))
        press(maya, "Sí, enviarla")
        sign_in_again(ivan, self.stack, IVAN)
        self.go(ivan, "Applications")
        follow(ivan.get_by_role("link", name="Maya Cruz"))
        self.look("application", ivan)
        follow(ivan.get_by_role("link", name="Accept"))
        ivan.get_by_label("Cleaning", exact=True).check()
        ivan.locator("select[name=mentor]").select_option(label="Ivan Petrov")
        press(ivan, "Accept")
        expect(ivan.locator("#messages")).to_contain_text("They work here from now on")
        sign_in(maya, self.stack, MAYA)
        expect(maya.locator("nav.tabs")).to_be_visible()

    def luz_leaves(self) -> None:
        """She reads what follows, says why, and is out on the day."""
        luz = self.luz
        follow(luz.locator("nav.tabs a[href='/me']"))
        follow(luz.locator(f"main a[href='/members/{member(LUZ)}/standing']"))
        follow(luz.get_by_role("link", name="Leave the co-op"))
        luz.get_by_label("From which day on are you no member any more?").fill("2026-05-31")
        press(luz, "What follows from it?")
        expect(luz.locator("main ol")).to_contain_text("Your office (treasurer) ends")
        self.look("leaving", luz)
        luz.get_by_label("family, health, a move or school").check()
        press(luz, "Leave on May 31")
        self.show_that_it_is_you(LUZ)
        expect(luz.locator("#messages")).to_contain_text("Thank you for the time together.")
        self.stack.go_to(at(5, 31, 9))
        luz.goto(f"{self.stack.site}/today")
        expect(luz).to_have_url(re.compile("/sign-in"))

    def go(self, phone: Page, place: str) -> None:
        """By the menu that every page has."""
        phone.get_by_text("Menu", exact=True).tap()
        follow(phone.locator("details.menu").get_by_role("link", name=place, exact=True))


def fill(page: Page, answers: dict[str, str]) -> None:
    """Answers by what stands beside the field, or by its name in a form."""
    for label, answer in answers.items():
        named = page.locator(f"main [name='{label}']") if label.islower() else page.get_by_label(label, exact=False)
        named.first.fill(answer)


def follow(link: Locator) -> None:
    """Tap it, and wait for the page to which it leads."""
    with link.page.expect_navigation():
        link.first.tap()


def press(page: Page, words: str) -> None:
    """A button in the page itself, which fits the phone, and then the page that follows."""
    page.wait_for_load_state()
    assert overflow(page) == 0
    follow(page.locator("main").get_by_role("button", name=words, exact=True))


def sign_in_again(page: Page, stack: Stack, email: str) -> None:
    """Where days have passed: with a code from our mail, and the key."""
    page.goto(stack.site)
    if page.locator("header a[href$='/account/sign-in/']").count():
        sign_in(page, stack, email, key=lambda: stack.code_of(email))
