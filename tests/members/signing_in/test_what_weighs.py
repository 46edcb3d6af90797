"""What weighs is asked for once more who it is: every address that hangs on one of these permissions, and no other."""

import ast
from pathlib import Path

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client
from django.urls import get_resolver, reverse
from rules.permissions import permissions

from tests import make
from tests.house import A_DAY, NOW, House, undone
from tests.members.signing_in.test_step_up import asked
from tests.test_matrix import SENT, address_of, by_person, declared
from tests.test_one_name import ROOMS, ROOT, addresses

WEIGHS = frozenset(
    {
        # money
        "payouts.approve_payrun",
        "payouts.draft_handentry",
        "payouts.export_books",
        "payouts.undo_handentry",
        "payouts.write_back_recovery",
        "payouts.let_go_recovery",
        "payouts.leave_out_found",
        "payouts.export_payrun",
        "payouts.say_paykind",
        "payouts.pay_outside_charge",
        "payouts.pay_outside_payout",
        "payouts.pay_outside_refund",
        "bookings.refund_visit",
        "payouts.retry_payout",
        "payouts.retry_refund",
        # prices and rules
        "bookings.set_prices",
        "bookings.take_back_leastwage",
        "bookings.write_down_leastwage",
        "governance.choose_presets",
        "governance.void_proposal",
        # who somebody is to the co-op
        "members.change_bodies",
        "members.change_offices",
        "members.come_back_member",
        "members.confirm_confirmation",
        "members.decline_application",
        "members.end_role",
        "members.give_notice_member",
        "members.go_on_leave_member",
        "members.invite_founderinvitation",
        "members.recover_user",
        "members.reinstate_member",
        "members.return_as_candidate_member",
        "members.return_as_member_member",
        "members.share_offices",
        "members.suspend_member",
        "members.take_back_standing",
        "members.change_member",
        "members.give_skills_member",
        # the co-op's papers
        "members.remove_paper",
        "members.replace_paper",
        # who stands on our lists
        "bookings.import_clients",
        "members.import_members",
        # certificates
        # what moved at Stripe, and what banks took back
        "payouts.explain_movement",
        "payouts.answer_dispute",
        "payouts.let_bear_dispute",
        "payouts.take_back_payout",
        "payouts.retry_takeback",
        "payouts.give_up_takeback",
        "members.accept_evidence",
        "members.end_credential",
        "members.write_down_certificates",
        # files about people
        "bookings.export_care",
    }
)
ONES_OWN = frozenset(
    {
        # what is kept about oneself
        "export_data",
        "erase_me",
        # how one is reached, known and let in
        "change_address",
        "give_number",
        "remove_number",
        "me",
        # where one's pay goes
        "start_onboarding",
    }
)
"""What people do about themselves that they could not undo: there is no permission to have."""
OWN_KEYS = frozenset(
    {
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_add_webauthn",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    }
)
"""The same for one's own keys, also before the page is shown."""
UNDONE_BY_ONESELF = frozenset({"go_on_leave", "come_back_from_leave", "take_back"})
"""One's own leave asks for nothing: it is taken back until its day, and ended by one press from then on."""
WORTH_ASKING: dict[str, dict[str, str]] = {
    "change_address": {"email": "elsewhere@example.org"},
    "give_number": {"phone": "718 555 0134"},
    "me": {"name": "Ana", "language": "en", "phone": "718 555 0134", "zip": "11215", "hours": "24"},
}
"""Where only what fits is asked about: what Ana sends."""
AMONG_MUCH_ELSE = frozenset({"retire"})
"""What weighs although its permission opens much that does not."""


def perms_of(view: ast.FunctionDef) -> set[str]:
    """The permissions that a view asks for; a verb means that of a row which is named in it (`_members`, `Refund`)."""
    found = set()
    words = {word for one in ast.walk(view) if isinstance(one, ast.Name) for word in one.id.lower().split("_")}
    for call in ast.walk(view):
        match call:
            case ast.Call(func=ast.Name("require_perm"), args=[_, ast.Constant(str(perm)), *_]):
                found.add(perm)
            case ast.Call(func=ast.Name("get_for"), args=[_, ast.Constant(str(verb)), *_]):
                codes = {f"{verb}_{word.removesuffix('s')}" for word in words} | {view.name}
                found |= {perm for perm in permissions if perm.partition(".")[2] in codes}
    return found


def views() -> dict[str, set[str]]:
    """Every view of ours by name, with what it asks for."""
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*view*.py")]
    return {
        view.name: perms_of(view)
        for path in files
        for view in ast.parse(Path(path).read_text()).body
        if isinstance(view, ast.FunctionDef)
    }


WEIGHING = {name: view for name, view in addresses(get_resolver()) if getattr(view, "weighs", False)}
MARKED = {name for name in WEIGHING if name not in OWN_KEYS}


def test_whatever_hangs_on_one_of_these_is_marked_and_nothing_else() -> None:
    asking = {name for name, perms in views().items() if perms & WEIGHS}
    assert asking | ONES_OWN | AMONG_MUCH_ELSE == MARKED


def test_ones_own_keys_weigh() -> None:
    assert {name for name in WEIGHING if "mfa" in name} == OWN_KEYS


def test_only_what_one_undoes_oneself_asks_nothing_about_oneself() -> None:
    unasked = {name for name, view in WEIGHING.items() if not getattr(view, "weighs_for_oneself", True)}
    assert unasked == UNDONE_BY_ONESELF


def test_each_of_these_permissions_opens_an_address() -> None:
    assert WEIGHS - set().union(*views().values()) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(MARKED))
def test_whoever_may_do_it_shows_once_more_who_they_are(name: str, standing: House) -> None:
    """Before a word of the form is read, and only who may."""
    answers = by_person(declared()[name, "post"], list(standing.people))
    may = [who for who, word in answers.items() if word not in ("forbidden", "not_found", "login")]
    sent, who = SENT.get(name, {}), may[-1] if may else "ben"
    if name in WORTH_ASKING:
        sent, who = WORTH_ASKING[name], "ana"
    with undone():
        if not may:  # who holds the office of the house does nothing while on leave
            make.role(standing.people[who].membership, "membership")
        answer = unproven(standing, who).post(address_of(name, standing), sent(standing) if callable(sent) else sent)
        assert asked(answer), who


def unproven(standing: House, who: str) -> Client:
    """The browser of somebody who signed in long ago."""
    browser = standing.browser(who)
    session = browser.session
    del session[AUTHENTICATION_METHODS_SESSION_KEY]
    session.save()
    return browser


@pytest.mark.django_db
def test_ones_own_leave_asks_for_nothing_and_ones_own_leaving_does(standing: House) -> None:
    ana = standing.people["ana"].membership
    with undone():
        browser, day = unproven(standing, "ana"), (NOW + 2 * A_DAY).date().isoformat()
        assert not asked(browser.post(reverse("go_on_leave", args=[ana.pk]), {"on": day, "until": day}))
        planned = ana.standings.ahead(NOW.date()).get(state="on_leave")
        assert not asked(browser.post(reverse("take_back", args=[planned.pk])))
        assert not ana.standings.ahead(NOW.date()).exists()
        assert asked(browser.post(reverse("give_notice", args=[ana.pk]), {"gone_on": day, "why": "hours"}))


@pytest.mark.django_db
def test_what_one_says_of_oneself_asks_for_nothing_while_the_number_stays(standing: House) -> None:
    ana = standing.people["ana"].membership
    with undone():
        same = WORTH_ASKING["me"] | {"phone": str(ana.phone), "hours": "20"}
        assert unproven(standing, "ana").post(reverse("me"), same).status_code == 302
