"""Every page in a real browser: both languages, light and dark, phone and desktop, for everybody.

The list is checked against the URLconf: a page that nobody declared here fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Page, Response, expect

from bookings.models import ChecklistTask, Offer
from members.models import Lesson, Reach, User
from payouts.charges.referrals import invitation_of
from payouts.models import Account, BankLine, HandEntry
from tests.browser.conftest import (
    CHANGED,
    EVERYTHING,
    ONE_OF_EACH,
    ONLY_COLORS,
    WCAG,
    WCAG_BUT_COLORS,
    barriers,
    keep,
    notice_change,
    overflow,
)
from tests.browser.gallery import Gallery
from tests.browser.pressing import press_all
from tests.proofs import WHOLE, some
from tests.stack import HELPER

_newcomers = count(1)
Arguments = Callable[[Gallery], list[Any]]


def nothing(_gallery: Gallery) -> list[Any]:
    return []


def own_membership(gallery: Gallery) -> list[Any]:
    return [gallery.people["ana"].membership.pk]


def thing(name: str, attribute: str = "pk") -> Arguments:
    """The address has the number (or token) of one of the gallery's things in it."""
    return lambda gallery: [getattr(gallery.things[name], attribute)]


def asked_of(gallery: Gallery) -> Offer:
    """The offer that nobody has answered yet."""
    found: Offer = gallery.things["offered_shift"].offers.latest("pk")
    return found


# What to call the picture: (name of the address, who looks, what the address is made of).
PAGES: dict[str, tuple[str, str, Arguments]] = {
    "home": ("home", "", nothing),
    "how-it-works": ("how_it_works", "", nothing),
    "sign-in": ("account_login", "", nothing),
    "recover": ("recover_user", "sol", lambda gallery: [gallery.people["ana"].pk]),
    "recovery-old": ("stop_recovery", "", lambda gallery: ["old"]),
    "recovery-too-early": ("finish_recovery", "", lambda gallery: ["old"]),
    "sign-in-phone": ("sign_in_by_phone", "", nothing),
    "join": ("account_signup", "", nothing),
    "sign-out": ("account_logout", "dan", nothing),
    "inactive": ("account_inactive", "", nothing),
    "me": ("me", "ana", nothing),
    "me-client": ("me", "lee", nothing),
    "bodies": ("bodies", "sol", nothing),
    "found-body": ("found_body", "sol", nothing),
    "change-body": ("change_body", "sol", lambda gallery: [gallery.things["body_term"].body_id]),
    "seat-in-body": ("seat_in_body", "sol", lambda gallery: [gallery.things["body_term"].body_id]),
    "leave-body": ("leave_body", "sol", thing("body_term")),
    "who-looked": ("who_looked", "ana", nothing),
    "who-looked-client": ("who_looked", "lee", nothing),
    "announcements": ("announcements", "sol", nothing),
    "announcement": ("announcement", "ana", thing("told")),
    "announcement-read": ("announcement", "sol", thing("told")),
    "announce": ("send_announcement", "sol", nothing),
    "take-back-announcement": ("take_back_announcement", "sol", thing("told")),
    "availability": ("change_availability", "ana", nothing),
    "single-day": ("work_otherwise", "ana", nothing),
    "outside-hours": ("outside_hours", "outside_worker", nothing),
    "leave": ("take_leave", "ana", nothing),
    "my-file": ("my_file", "tess", nothing),
    "standing": ("read_standing", "ana", own_membership),
    "time-away": ("go_on_leave", "ana", own_membership),
    "leaving": ("give_notice", "ana", own_membership),
    "reasons-for-leaving": ("leaving_reasons", "sol", nothing),
    "reach": ("reach", "ana", nothing),
    "reach-number": ("reach", "guest", nothing),
    "signing-in": ("signing_in", "sol", nothing),
    "signing-in-without": ("signing_in", "dan", nothing),
    "address": ("change_address", "dan", nothing),
    "address-stop": ("stop_address_change", "", lambda gallery: ["old"]),
    "key-app": ("mfa_activate_totp", "dan", nothing),
    "key-app-gone": ("mfa_deactivate_totp", "sol", nothing),
    "key-passkey": ("mfa_add_webauthn", "dan", nothing),
    "key-recovery": ("mfa_view_recovery_codes", "sol", nothing),
    "key-recovery-new": ("mfa_generate_recovery_codes", "sol", nothing),
    "no-list": ("no_list", "", lambda gallery: [Reach.no_list_token(gallery.people["ana"])]),
    "answer-offer": ("answer_offer", "offered_worker", lambda gallery: [asked_of(gallery).answer_key]),
    "votes": ("proposals", "ana", nothing),
    "propose": ("propose", "ana", nothing),
    "proposal-voting": ("proposal", "ana", thing("voting")),
    "proposal-passed": ("proposal", "ana", thing("passed")),
    "proposal-discussed": ("proposal", "bo", thing("discussed")),
    "proposal-draft": ("proposal", "bo", thing("draft")),
    "revise-proposal": ("revise_proposal", "bo", thing("draft")),
    "void-proposal": ("void_proposal", "sol", thing("voting")),
    "rules": ("policies", "ana", nothing),
    "book-what": ("quote", "", nothing),
    "book-when": ("choose_time", "", thing("quote", "token")),
    "book-when-full": ("choose_time", "", thing("full", "token")),
    "book-where": ("give_contact", "desk", thing("quote", "token")),
    "book-check": ("check_booking", "desk", thing("quote", "token")),
    "booking-without-card": ("booking", "desk", thing("unpaid", "token")),
    "booking-not-proven": ("booking", "desk", thing("not_proven", "token")),
    "claims": ("claims", "lee", nothing),
    "claim": ("answer_claim", "", thing("claim", "claim_key")),
    "client-not-confirmed": ("client", "sol", thing("claim")),
    "booking": ("booking", "lee", lambda gallery: [gallery.things["today"].booking.token]),
    "bookings": ("my_bookings", "lee", nothing),
    "homes": ("homes", "lee", nothing),
    "add-home": ("add_home", "lee", nothing),
    "change-home": ("change_home", "lee", lambda gallery: [gallery.things["today"].booking.home_id]),
    "series": ("series", "lee", thing("series", "token")),
    "series-change": ("change_series", "lee", thing("series", "token")),
    "series-pause": ("pause_series", "lee", thing("series", "token")),
    "series-end": ("end_series", "lee", thing("series", "token")),
    "my-card": ("my_card", "lee", nothing),
    "my-data": ("my_data", "lee", nothing),
    "my-data-free": ("my_data", "guest", nothing),
    "calendar": ("my_calendar", "ana", nothing),
    "household": ("household", "lee", nothing),
    "join-household": ("join_household", "guest", thing("invitation")),
    "visit-client": ("visit", "lee", thing("done")),
    "visit-to-come": ("visit", "lee", thing("offered")),
    "move-times": ("move_own_visit", "lee", thing("offered")),
    "cancel-own-visit": ("cancel_own_visit", "lee", thing("offered")),
    "keep-away": ("keep_away", "lee", lambda gallery: [gallery.people["done_worker"].membership.pk]),
    "refuse-home": ("refuse_home", "today_worker", thing("today_shift")),
    "homes-i-refuse": ("homes_i_refuse", "sol", nothing),
    "ask-redo": ("ask_redo", "lee", thing("done")),
    "thank": ("thank", "lee", thing("done")),
    "thanks-read": ("thank_yous", "thanked_worker", nothing),
    "office-redos": ("redos", "sol", nothing),
    "office-safety": ("review", "safe", nothing),
    "plan-redo": ("plan_redo", "sol", thing("redo")),
    "visit-worker": ("visit", "today_worker", thing("today")),
    "visit-office": ("visit", "sol", thing("offered")),
    "today": ("today", "today_worker", nothing),
    "today-under-way": ("today", "begun_worker", nothing),
    "offers": ("offers", "offered_worker", nothing),
    "turn": ("turn", "sol", thing("open_shift")),
    "decisions": ("weekly_decisions", "ana", nothing),
    "spotlight": ("spotlight", "ana", nothing),
    "answer-flag": ("answer_flag", "sol", lambda gallery: [f"overrides-{gallery.ana.pk}"]),
    "running-late": ("run_late", "today_worker", thing("today_shift")),
    "something-is-wrong": ("report_incident", "today_worker", thing("today_shift")),
    "reported": ("incidents", "safe", nothing),
    "report": ("incident", "safe", thing("incident", "uuid")),
    "report-mine": ("incident", "today_worker", thing("incident", "uuid")),
    "photos": ("take_photo", "done_worker", thing("done_shift")),
    "release": ("release_shift", "today_worker", thing("today_shift")),
    "swap": ("swap_shift", "today_worker", thing("today_shift")),
    "nobody-opens": ("nobody_opens", "today_worker", thing("today")),
    "write-times": ("write_times", "sol", thing("today_shift")),
    "not-there": ("not_there", "sol", thing("today_shift")),
    "miss-shift": ("miss_shift", "sol", thing("today_shift")),
    "thanks": ("finish_shift", "done_worker", thing("done_shift")),
    "readiness": ("readiness", "sol", nothing),
    "accept-founding": ("accept_founding", "asked_to_found", thing("asked_to_found")),
    "set-up-over": ("found_coop", "", lambda _gallery: ["a-key"]),
    "founders": ("invite_founder", "sol", nothing),
    "import-members": ("import_members", "safe", nothing),
    "share-offices": ("share_offices", "sol", nothing),
    "door": ("hang_sign", "sol", nothing),
    "contact-facts": ("contact_facts", "sol", nothing),
    "office-shifts": ("unfilled_shifts", "sol", nothing),
    "cancel-visit": ("cancel_visit", "sol", thing("offered")),
    "miss-visit": ("miss_visit", "sol", thing("today")),
    "client": ("client", "sol", lambda gallery: [gallery.things["done"].booking.home.client_id]),
    "add-client": ("add_client", "sol", nothing),
    "import-clients": ("import_clients", "sol", nothing),
    "confirm-booking": ("confirm_booking", "sol", thing("unpaid", "token")),
    "calls": ("calls", "sol", nothing),
    "saved-day": ("saved_day", "today_worker", nothing),
    "care-visits": ("care_records", "sol", nothing),
    "care-visit": ("care_record", "sol", thing("care", "shift_id")),
    "office-taps": ("odd_taps", "sol", nothing),
    "week": ("week", "sol", nothing),
    "search": ("find", "sol", nothing),
    "change-time": ("reschedule_visit", "sol", thing("offered")),
    "give-shift": ("give_shift", "sol", thing("open_shift")),
    "note-yes": ("note_yes", "sol", thing("open_shift")),
    "relieve": ("relieve_shift", "sol", thing("today_shift")),
    "wind-up-visit": ("wind_up_visit", "sol", thing("broken_off")),
    "broken-off": ("visit", "sol", thing("broken_off")),
    "overrides": ("overrides", "bo", nothing),
    "given-turn": ("turn", "given_worker", thing("given_shift")),
    "given-offer": ("offers", "given_worker", nothing),
    "hand-over-day": ("hand_over_day", "sol", nothing),
    "hand-over": ("hand_over", "sol", thing("handed_over")),
    "checklists": ("checklists", "sol", nothing),
    "add-task": ("add_task", "sol", nothing),
    "change-task": ("change_task", "sol", lambda gallery: [ChecklistTask.objects.earliest("pk").pk]),
    "prices": ("prices", "sol", nothing),
    "least-wages": ("least_wages", "tess", nothing),
    "least-wage-write": ("write_down_least_wage", "tess", nothing),
    "price-service": ("price_service", "sol", lambda gallery: ["deep"]),
    "price-extra": ("price_add_on", "sol", lambda gallery: ["oven"]),
    "closed-days": ("closed_days", "sol", nothing),
    "areas": ("areas", "sol", nothing),
    "change-areas": ("change_areas", "sol", nothing),
    "close-days": ("close_days", "sol", nothing),
    "bookable-hours": ("bookable_hours", "sol", nothing),
    "ready-made": ("ready_made", "sol", nothing),
    "add-service": ("add_service", "sol", nothing),
    "change-service": ("change_service", "sol", lambda gallery: ["deep"]),
    "add-extra": ("add_add_on", "sol", nothing),
    "change-extra": ("change_add_on", "sol", lambda gallery: ["oven"]),
    "skills": ("skills", "sol", nothing),
    "add-skill": ("add_skill", "sol", nothing),
    "change-skill": ("change_skill", "sol", lambda gallery: ["cleaning"]),
    "save-card": ("save_card", "desk", thing("unpaid", "token")),
    "receipt": ("receipt", "lee", thing("done")),
    "confirm-payment": ("confirm_payment", "", lambda gallery: [gallery.things["to_confirm"].confirm_word]),
    "gift-cards": ("gift_cards", "", nothing),
    "work-with-us": ("work_with_us", "", nothing),
    "apply": ("send_application", "", nothing),
    "apply-sent": ("application_sent", "", nothing),
    "application-prove": ("application", "", thing("application_sent", "token")),
    "application-mine": ("application", "", thing("application", "token")),
    "applications": ("applications", "sol", nothing),
    "application": ("application_file", "sol", thing("application")),
    "application-talk": ("invite_application", "sol", thing("application")),
    "application-note": ("note_application", "sol", thing("application")),
    "application-accept": ("accept_application", "sol", thing("application")),
    "application-decline": ("decline_application", "sol", thing("application")),
    "candidates": ("candidates", "sol", nothing),
    "candidate": ("candidate", "sol", thing("candidate")),
    "candidate-mine": ("candidate", "cara", thing("candidate")),
    "candidate-mentor": ("choose_mentor", "sol", thing("candidate")),
    "candidate-admit": ("put_forward", "sol", thing("candidate")),
    "candidate-no": ("turn_down", "sol", thing("candidate")),
    "lessons": ("lessons", "sol", nothing),
    "lesson-add": ("add_lesson", "sol", nothing),
    "lesson": ("change_lesson", "sol", lambda _gallery: [Lesson.objects.earliest("pk").pk]),
    "gift-card": ("gift_card", "", thing("gift", "token")),
    "credit": ("credit", "lee", nothing),
    "invited": ("invited", "", lambda gallery: [invitation_of(gallery.things["done"].booking.client)]),
    "receipts": ("receipts", "lee", nothing),
    "refund": ("refund_visit", "tess", thing("done")),
    "offices": ("offices", "sol", nothing),
    "seat-member": ("seat_member", "sol", nothing),
    "end-term": ("end_term", "sol", lambda gallery: [gallery.sol.terms.earliest("pk").pk]),
    "members": ("members", "sol", nothing),
    "member": ("member", "sol", lambda gallery: [gallery.ana.pk]),
    "member-skills": ("give_skills", "safe", lambda gallery: [gallery.ana.pk]),
    "member-change": ("change_member", "sol", lambda gallery: [gallery.ana.pk]),
    "certificates": ("certificates", "safe", nothing),
    "certificate-show": ("show_evidence", "ana", nothing),
    "certificate-write": ("write_down_certificate", "safe", nothing),
    "certificate": ("evidence", "safe", thing("evidence")),
    "certificate-mine": ("evidence", "ana", thing("evidence")),
    "certificate-no": ("refuse_evidence", "safe", thing("evidence")),
    "certificate-end": ("end_credential", "safe", thing("credential")),
    "certificate-kinds": ("certificate_kinds", "safe", nothing),
    "certificate-kind-add": ("add_certificate_kind", "safe", nothing),
    "certificate-kind": ("change_certificate_kind", "safe", lambda _gallery: ["hha"]),
    "papers": ("papers", "sol", nothing),
    "paper": ("paper", "ana", thing("paper")),
    "paper-kept": ("paper", "sol", thing("paper")),
    "paper-add": ("add_paper", "sol", nothing),
    "paper-later": ("replace_paper", "sol", thing("paper")),
    "paper-gone": ("remove_paper", "sol", thing("paper")),
    "agreements": ("agreements", "sol", nothing),
    "agreement": ("agreement", "sol", lambda gallery: [gallery.things["version"].agreement.code]),
    "agreement-read": ("agreement_version", "ana", thing("version")),
    "agreement-missing": ("agreement_version", "sol", thing("version")),
    "agreement-add": ("add_agreement", "sol", nothing),
    "agreement-write": ("write_agreement", "sol", lambda gallery: [gallery.things["version"].agreement.code]),
    "accepted": ("my_acceptances", "bo", nothing),
    "accepted-words": ("my_acceptance", "bo", thing("accepted")),
    "duties": ("duties", "ana", nothing),
    "duties-kept": ("duties", "sol", nothing),
    "duty": ("duty", "ana", thing("duty")),
    "duty-done": ("duty", "sol", thing("duty_done")),
    "duty-add": ("add_duty", "sol", nothing),
    "duty-change": ("change_duty", "sol", thing("duty")),
    "duty-finish": ("finish_duty", "ana", thing("duty")),
    "duty-drop": ("drop_duty", "sol", thing("duty")),
    "duties-usual": ("add_usual_duties", "sol", nothing),
    "second-person-list": ("confirmations", "sol", nothing),
    "second-person": ("confirmation", "sol", thing("question")),
    "second-person-mine": ("confirmation", "asked", thing("question")),
    "earnings": ("earnings", "paid", nothing),
    "statement": ("statement", "paid", thing("paid")),
    "pay-runs": ("pay_runs", "tess", nothing),
    "pay-run-draft": ("pay_run", "sol", thing("draft_run")),
    "pay-run-paid": ("pay_run", "ana", thing("paid")),
    "presets": ("presets", "sol", nothing),
    "preset": ("choose_preset", "sol", lambda _gallery: ["care"]),
    "ways-of-paying": ("pay_kinds", "tess", nothing),
    "ways-of-paying-newcomers": ("say_usual_pay_kind", "tess", nothing),
    "way-of-paying": ("say_pay_kind", "tess", lambda gallery: [gallery.ana.pk]),
    "way-of-paying-mine": ("my_pay_kind", "ana", nothing),
    "books": ("books", "ana", nothing),
    "books-money-office": ("books", "tess", nothing),
    "accounts": ("accounts", "tess", nothing),
    "account": ("account", "tess", lambda _gallery: [Account.objects.get(code="operations").pk]),
    "accounts-mine": ("my_accounts", "paid", nothing),
    "find-entries": ("find_entries", "tess", nothing),
    "entry": ("entry", "tess", lambda gallery: [gallery.things["done"].entries.earliest("pk").pk]),
    "hand-entries": ("hand_entries", "ana", nothing),
    "hand-entry": ("hand_entry", "tess", lambda _gallery: [HandEntry.objects.earliest("pk").pk]),
    "hand-entry-write": ("draft_hand_entry", "tess", nothing),
    "hand-entry-undo": ("undo_hand_entry", "tess", lambda _gallery: [HandEntry.objects.earliest("pk").pk]),
    "export-books": ("export_books", "tess", nothing),
    "trial-balance": ("trial_balance", "tess", nothing),
    "reconciliation": ("reconciliation", "tess", nothing),
    "movement": ("movement", "tess", lambda gallery: [gallery.things["movement"].pk]),
    "bank-line": ("match_line", "tess", lambda _gallery: [BankLine.objects.earliest("pk").pk]),
    "disputes": ("disputes", "tess", nothing),
    "dispute": ("dispute", "tess", lambda gallery: [gallery.things["dispute"].pk]),
    "take-back-pay": ("take_back_payout", "tess", lambda gallery: [gallery.things["paid"].payouts.earliest("pk").pk]),
    "trouble": ("trouble", "tess", nothing),
    "recovery": ("recovery", "tess", nothing),
}

GONE = {"set-up-over": 410}
"""Pages that say that something opens nothing any more."""

# Addresses that show no page: things done, files, machines' talk, and steps that lead on by themselves.
NOT_PAGES = {
    *("healthz", "readyz", "stripe_webhook", "demo_house", "demo_sign_in", "set_language"),
    *("account_request_login_code", "account_confirm_login_code", "account_email_verification_sent", "account_email"),
    *("come_back_from_leave", "take_back", "suspend", "reinstate_suspended"),
    *("return_as_candidate", "return_as_member"),
    *("mfa_authenticate", "mfa_login_webauthn", "mfa_index", "mfa_list_webauthn", "mfa_remove_webauthn"),
    *("mfa_download_recovery_codes", "prove_address", "step_up", "end_session", "end_other_sessions"),
    "paper_file",
    *("accept_agreement", "take_back_agreement", "end_agreement", "take_up_agreement"),
    *("reopen_duty", "duty_paper"),
    *("evidence_picture", "accept_evidence", "withdraw_evidence"),
    *("work_as_usual", "give_back_leave", "join_waitlist", "leave_waitlist"),
    *("open_discussion", "comment_on_proposal", "send_notice", "withdraw_proposal"),
    *("cast_ballot", "skip_wait"),
    *("gift_card_paid", "accept_invitation"),
    *("prove_application", "disown_application", "withdraw_application", "learn", "end_lesson"),
    *("quote_price", "ask_for_area", "booking_calendar", "cancel_booking", "place_do_not_send", "lift_do_not_send"),
    *("send_again", "withdraw_send_again", "lift_refusal"),
    *("withdraw_founder", "try_out"),
    *("answer_announcement", "read_news"),
    *("make_calendar", "revoke_calendar", "calendar_feed", "export_data", "erase_me"),
    *("replace_card", "card_replaced", "remove_card", "take_over_claim", "disown_claim"),
    *("leave_household", "remove_home", "describe_home", "show_note", "change_note", "receipt_pdf"),
    *("give_number", "confirm_number", "remove_number", "subscribe", "unsubscribe"),
    *("retire", "bring_back", "move_up", "take_back_service_price", "take_back_add_on_price"),
    *("reopen_day", "take_back_hours", "take_back_areas", "take_back_least_wage"),
    *("client_sheet", "member_sheet"),
    *("end_task", "tick_tasks", "hand_on", "come_back", "called", "retry_notice", "pay_outside_charge"),
    "pay_outside_refund",
    *("skip_visit", "take_back_visit", "keep_visit", "resume_series"),
    *("lock_out", "taps", "look_at_tap", "export_care", "manifest", "service_worker"),
    *("deliver_report", "take_in_hand", "close_incident", "photo", "small_photo", "remove_photo"),
    *("withdraw_redo", "decline_redo", "remove_thank_you", "keep_talk"),
    "spotlight_sheet",
    *("undo_offer", "agree_swap", "decline_swap", "withdraw_swap"),
    *("accept_offer", "say_no_to_offer", "start_shift", "undo_shift", "take_shift", "show_access_note", "ask_again"),
    *("card_saved", "tip", "start_onboarding", "onboarding_done", "draft_pay_run", "approve_pay_run"),
    *("export_pay_run", "open_hand_entry", "statement_pdf"),
    "payment_confirmed",
    *("answer_confirmation", "confirm_confirmation", "decline_confirmation", "withdraw_confirmation"),
    *("write_back", "let_go", "leave_out"),
    *("compare_again", "explain", "read_bank_file", "let_go_line", "answer_dispute", "let_bear_dispute"),
    *("retry_take_back", "give_up_take_back"),
    *("send_back_pay_run", "retry_charge", "retry_refund", "retry_payout", "pay_outside"),
}


def test_every_address_is_a_page_looked_at_here_or_none_at_all() -> None:
    declared = {address for address, _who, _arguments in PAGES.values()} | NOT_PAGES
    assert declared == set(names(get_resolver()))


LANGUAGES = ("en", "es")


def looked_at(names: Iterable[str]) -> list[tuple[str, str]]:
    """Each page in which language: in both in a whole proof, else every other one in English."""
    return [(name, one) for n, name in enumerate(names) for one in (LANGUAGES if WHOLE else [LANGUAGES[n % 2]])]


PRESSED = {(name, "en") for name in PAGES} if WHOLE else {*some(looked_at(PAGES)[1:], of=3)}
"""Where every button is pressed; outside a whole proof on every third page, in either language."""


@pytest.mark.parametrize(("name", "language"), looked_at(PAGES))
def test_a_page_is_for_everybody(name: str, language: str, gallery: Gallery, take_phone: Callable[..., Page]) -> None:
    address, who, arguments = PAGES[name]
    expected = GONE.get(name, 200)
    page = take_phone(language=language, may_fail=expected >= 400)
    User.objects.update(language=language)  # a link that was mailed is read in the language of whoever it is for
    if who:
        come_as(page, gallery, who, language=language)
    answer = page.goto(gallery.stack.site + reverse(address, args=arguments(gallery)))
    assert answer is not None
    assert (answer.status, page.locator("html").get_attribute("lang")) == (expected, language)
    trouble = [*look(page, name, language=language)]
    trouble += press_all(page, gallery) if (name, language) in PRESSED else []
    assert not trouble, "\n".join(trouble)


# Pages at which one arrives by a step, or by mistake: the picture's name, and how one gets there.
def mistyped(page: Page, site: str) -> int:
    return status(page.goto(f"{site}/nothing/here"))


def forbidden(page: Page, site: str) -> int:
    return status(page.goto(f"{site}/office/trouble"))


def code_asked_for(page: Page, site: str) -> int:
    page.goto(f"{site}/account/sign-in/")
    page.get_by_role("textbox").fill("dan-ortiz@example.org")
    return press(page)


def joined(page: Page, site: str) -> int:
    page.goto(f"{site}/account/join/")
    for box in page.get_by_role("textbox").all():
        box.fill(f"iris-{next(_newcomers)}@example.org")
    return press(page)


def far_away(page: Page, site: str) -> int:
    page.goto(f"{site}/book")
    page.locator("input[name=zip]").fill("99501")
    return press(page)


def nothing_told(page: Page, site: str) -> int:
    page.goto(f"{site}/book")
    return press(page)


def open_too_long(page: Page, site: str) -> int:
    page.goto(f"{site}/account/join/")
    for box in page.get_by_role("textbox").all():
        box.fill("iris@example.org")
    page.locator("main input[name=csrfmiddlewaretoken]").evaluate("input => input.value = 'old'")
    return press(page)


def finished_too_soon(page: Page, site: str) -> int:
    """Where no script asks before anything is sent."""
    page.goto(f"{site}/today")
    with page.expect_navigation() as answer:
        page.locator("form[data-tap=finish]:visible").evaluate("form => form.submit()")
    return status(answer.value)


def asked_the_wrong_way(page: Page, site: str) -> int:
    return status(page.goto(f"{site}/areas"))


def table_sent(page: Page, site: str, *lines: str) -> int:
    """A file with these clients, looked over."""
    page.goto(f"{site}/office/clients/import")
    said = "\n".join(("name,email,street,zip", *lines)).encode()
    page.locator("input[type=file]").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": said})
    return press(page)


def table_looked_over(page: Page, site: str) -> int:
    return table_sent(page, site, "Kim Park,kim@new.example.org,9 Garfield Place,11215")


def table_with_mistakes(page: Page, site: str) -> int:
    return table_sent(page, site, "Kim Park,kim@new.example.org,9 Garfield Place,9021", "שרה,kim@,PO Box 4,11215")


ARRIVALS: dict[str, tuple[str, Callable[[Page, str], int], int]] = {
    "error-404": ("", mistyped, 404),
    "error-403": ("bo", forbidden, 403),
    "error-405": ("", asked_the_wrong_way, 405),
    "error-stale": ("", open_too_long, 403),
    "finish-too-soon": ("begun_worker", finished_too_soon, 200),
    "import-clients-dry": ("sol", table_looked_over, 200),
    "import-clients-wrong": ("sol", table_with_mistakes, 200),
    "sign-in-code": ("", code_asked_for, 200),
    "join-code": ("", joined, 200),
    "book-far-away": ("", far_away, 200),
    "book-incomplete": ("", nothing_told, 200),
}


@pytest.mark.parametrize(("name", "language"), looked_at(ARRIVALS))
def test_where_one_only_arrives_is_for_everybody_too(
    name: str, language: str, gallery: Gallery, take_phone: Callable[..., Page]
) -> None:
    who, arrive, expected = ARRIVALS[name]
    page = take_phone(language=language, may_fail=expected >= 400)
    if who:
        come_as(page, gallery, who, language=language)
    assert arrive(page, gallery.stack.site) == expected
    assert "\n".join(look(page, name, language=language)) == ""


def test_the_reader_is_brought_to_what_is_wrong_and_from_there_to_each_field(
    gallery: Gallery, open_window: Callable[..., Page]
) -> None:
    page = open_window(language="es", width=360)
    page.goto(f"{gallery.stack.site}/account/join/")
    press(page)
    expect(page.locator(".form-errors")).to_be_focused()
    page.locator(".form-errors a").last.click()
    expect(page.locator("#id_email")).to_be_focused()


def press(page: Page) -> int:
    """Press the main button of the page as it is, whatever the browser would say about empty fields."""
    page.locator("main form").first.evaluate("form => form.noValidate = true")
    with page.expect_navigation() as answer:
        page.locator("main form").first.locator("button:not([formaction]):visible").last.click()
    return status(answer.value)


def status(answer: Response | None) -> int:
    assert answer is not None
    return answer.status


def come_as(page: Page, gallery: Gallery, who: str, *, language: str) -> None:
    """Somebody who is signed in already, and reads this language."""
    if who in gallery.people:
        User.objects.filter(pk=gallery.people[who].pk).update(language=language)
    page.context.add_cookies(
        [{"name": "evenhand-session", "value": gallery.session_of(who), "url": gallery.stack.site}]
    )


Look = tuple[str, dict[str, Any], str]
"""By day or by night, by which rules, and at what of the page one looks."""
THOROUGHLY = frozenset(some([*PAGES, *ARRIVALS], of=3))


def looks(name: str, language: str) -> dict[int, list[Look]]:
    """By width. It is as wide as its words, so that is asked in every language at both widths.

    Colors are the same in every language; those on a desk are looked at where it shows others than a phone. Outside a
    whole proof some pages are looked at on a phone: how they are built, and the colors of one part of each kind.
    """
    if not WHOLE:
        some_of: list[Look] = [(scheme, ONLY_COLORS, ONE_OF_EACH) for scheme in ("light", "dark")]
        return {360: [("light", WCAG_BUT_COLORS, EVERYTHING), *some_of] if name in THOROUGHLY else [], 1280: []}
    built: Look = ("light", WCAG_BUT_COLORS, EVERYTHING)
    if language == "es":
        return {360: [built], 1280: []}
    return {
        360: [("light", WCAG, EVERYTHING), ("dark", ONLY_COLORS, EVERYTHING)],
        1280: [built, ("light", ONLY_COLORS, CHANGED)],
    }


def look(page: Page, name: str, *, language: str) -> Iterator[str]:
    """Everything that is wrong with the page, on a phone and on a desk, by day and by night."""
    for width, wanted in looks(name, language).items():
        page.set_viewport_size({"width": width, "height": 740 if width < 600 else 900})
        page.emulate_media(color_scheme="light")
        if any(among == CHANGED for one in looks(name, language).values() for _when, _rules, among in one):
            notice_change(page)
        if wider := overflow(page):
            yield f"{width} px: the page is {wider} px wider than the window"
        for scheme in ("light", "dark"):
            looked = [(rules, among) for when, rules, among in wanted if when == scheme]
            if not looked and HELPER and not wider:
                continue
            page.emulate_media(color_scheme=scheme)
            found = [barrier for rules, among in looked for barrier in barriers(page, rules, among=among)]
            yield from (f"{width} px, {scheme}: {barrier}" for barrier in found)
            if wider or found or not HELPER:
                keep(page, name, language=language, width=width, scheme=scheme)


def test_one_part_of_each_kind_shows_what_cannot_be_read(open_window: Callable[..., Page]) -> None:
    page = open_window()
    kinds = ("color: #000", "color: #999", "color: #000; background: #222", "color: #000", "color: #999")
    page.set_content(
        "".join(f'<main id="m{number}"><p style="{kind}">Words</p></main>' for number, kind in enumerate(kinds))
    )
    assert page.evaluate(f"{ONE_OF_EACH}.map((one) => one.parentElement.id)") == ["m0", "m1", "m2"]
    found = barriers(page, ONLY_COLORS, among=ONE_OF_EACH)
    assert [one.split(":")[:2] for one in found] == [["color-contrast", " #m1 > p"], ["color-contrast", " #m2 > p"]]


def names(resolver: URLResolver) -> Iterator[str]:
    """The name of every address of the site."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, pattern
            yield pattern.name
