"""Votes as people click them."""

from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from bookings.policies import OPERATIONS_SHARE, PAY_FLOOR, RESERVE_SHARE, SHARES, UPKEEP_SHARE, WORKER_SHARE
from coop.policies import registry
from governance.models import Ballot, Proposal
from governance.policies import CHANGE, ORDINARY
from governance.proposals.forms import read, write
from members.models import Member, User
from tests import make
from tests.browsers import Browser as Client
from tests.governance import votes

pytestmark = pytest.mark.django_db


def signed_in(person: Member | User) -> Client:
    client = Client()
    client.force_login(person.user if isinstance(person, Member) else person)
    return client


def page(person: Member | User, name: str, *args: object, query: str = "") -> str:
    response = signed_in(person).get(reverse(name, args=args) + query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def post(person: Member | User, name: str, *args: object, **data: str) -> str:
    response = signed_in(person).post(reverse(name, args=args), data, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


SPLIT = {
    "title": "Put two cents aside",
    "text": "The van will not last.",
    WORKER_SHARE.key: "94",
    OPERATIONS_SHARE.key: "3%",
    RESERVE_SHARE.key: "2",
    UPKEEP_SHARE.key: "1.0",
    "wanted_on": "",
}
NEW_SPLIT = f"{reverse('propose')}?about={WORKER_SHARE.key}"


def test_a_member_proposes_another_split_of_the_price(ana: Member) -> None:
    response = signed_in(ana).post(NEW_SPLIT, SPLIT)
    proposal = Proposal.objects.get()
    assert response.headers["Location"] == reverse("proposal", args=[proposal.pk])
    values = {change.policy: change.value for change in proposal.changes.all()}
    shares = [Fraction(94, 100), Fraction(3, 100), Fraction(2, 100), Fraction(1, 100)]
    assert (proposal.state, values) == ("draft", dict(zip([policy.key for policy in SHARES], shares, strict=True)))
    shown = page(ana, "proposal", proposal.pk)
    assert "95%" in shown
    assert "94%" in shown
    assert "$94.00" in shown


def test_shares_that_do_not_add_up_are_told_in_a_sentence_and_nothing_typed_is_lost(ana: Member) -> None:
    response = signed_in(ana).post(NEW_SPLIT, SPLIT | {RESERVE_SHARE.key: "7"})
    shown = response.content.decode()
    assert "The parts of a price must add up to exactly 100%." in shown
    assert "The van will not last." in shown
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("typed", ["", "much", "1e9", "-5", "1/0", "24,50", "٣"])
def test_what_is_not_a_number_is_told_in_a_sentence(ana: Member, typed: str) -> None:
    url = f"{reverse('propose')}?about={PAY_FLOOR.key}"
    response = signed_in(ana).post(url, {"title": "T", "text": "W", PAY_FLOOR.key: typed})
    assert response.status_code == 200
    assert 'class="errorlist"' in response.content.decode()
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("policy", "typed", "value", "shown"),
    [
        (PAY_FLOOR, "$24.50", Fraction(2450), "24.50"),
        (PAY_FLOOR, "24.5", Fraction(2450), "24.50"),
        (WORKER_SHARE, "95", Fraction(19, 20), "95"),
        (WORKER_SHARE, "95.5 %", Fraction(191, 200), "95.5"),
        (WORKER_SHARE, "100/3", Fraction(1, 3), "100/3"),
        (CHANGE.threshold, "2/3", Fraction(2, 3), "2/3"),
        (CHANGE.notice, "14", Fraction(14), "14"),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_numbers_are_written_as_people_write_them_and_kept_exactly(
    language: str, policy: object, typed: str, value: Fraction, shown: str
) -> None:
    with translation.override(language):
        assert (read(policy, typed), write(policy, value)) == (value, shown)  # type: ignore[arg-type]


def test_every_rule_of_the_co_op_can_be_proposed_about(ana: Member) -> None:
    for key in [*registry, "words"]:
        assert 'name="title"' in page(ana, "propose", query=f"?about={key}")


def test_a_subject_that_does_not_exist_leads_to_the_choice(ana: Member) -> None:
    assert "What should change?" in page(ana, "propose", query="?about=bookings.nonsense")


def test_a_proposal_goes_from_draft_to_notice_by_its_authors_clicks(ana: Member, bo: Member) -> None:
    proposal = votes.draft(ana)
    assert "Open the discussion" in page(ana, "proposal", proposal.pk)
    assert "Send notice" in post(ana, "open_discussion", proposal.pk)
    assert "I am for it." in post(bo, "comment_on_proposal", proposal.pk, body="I am for it.")
    assert "Voting opens soon" in post(ana, "send_notice", proposal.pk)
    assert "withdrawn" in post(ana, "withdraw_proposal", proposal.pk).lower()


def test_a_new_version_starts_from_the_words_there_are(ana: Member, bo: Member) -> None:
    proposal = votes.discussing(ana)
    shown = page(ana, "revise_proposal", proposal.pk)
    assert "Two weeks is long." in shown
    assert 'value="5"' in shown
    post(ana, "revise_proposal", proposal.pk, title="New", text="Why", **{ORDINARY.notice.key: "4"}, wanted_on="")
    assert [(change.was, change.value) for change in proposal.changes.all()] == [(7, 4)]


def test_an_empty_comment_is_asked_for_again(ana: Member) -> None:
    proposal = votes.discussing(ana)
    assert "errorlist" in post(ana, "comment_on_proposal", proposal.pk, body="  ")
    assert not proposal.comments.exists()


@pytest.fixture
def open_vote(ana: Member, bo: Member, sol: Member) -> Proposal:
    """A vote that is open now, on the clock of the machine."""
    return votes.live(ana)


def test_one_tap_votes_and_the_receipt_says_what_and_until_when(open_vote: Proposal, ana: Member) -> None:
    shown = page(ana, "proposals")
    assert "Waits for your vote" in shown
    assert '<b class="count">' in shown
    shown = post(ana, "cast_ballot", open_vote.pk, choice="yes")
    assert "Your vote: <b>For</b>. You can change it until" in shown
    assert "Your vote: <b>Against</b>" in post(ana, "cast_ballot", open_vote.pk, choice="no")
    assert Ballot.objects.get().choice == "no"
    shown = page(ana, "proposals")
    assert "Waits for your vote" not in shown
    assert '<b class="count">' not in shown


def test_the_count_stays_sealed_until_the_close(open_vote: Proposal, ana: Member, bo: Member) -> None:
    post(ana, "cast_ballot", open_vote.pk, choice="no")
    shown = page(bo, "proposal", open_vote.pk)
    assert "1 of 3 members have voted." in shown
    assert "The count stays sealed until voting closes." in shown
    assert "How each member voted" not in shown


def test_a_closed_vote_says_so_and_shows_the_result(ana: Member, bo: Member, sol: Member) -> None:
    proposal = votes.counted(ana, ana="yes", bo="no", sol="yes")
    shown = page(bo, "proposal", proposal.pk)
    assert "2 for, 1 against, 0 abstained. Needed: 2 for." in shown
    assert "3 of 3 members took part; 2 had to." in shown
    assert "Your vote was counted: <b>Against</b>." in shown
    assert "It takes effect by itself</b> on May 5, 2026" in shown
    assert "This vote is not open" in post(bo, "cast_ballot", proposal.pk, choice="yes")


def test_a_candidate_reads_and_comments_and_does_not_vote(open_vote: Proposal, cara: Member) -> None:
    assert "You are not on the roll" in page(cara, "proposal", open_vote.pk)
    assert signed_in(cara).post(reverse("cast_ballot", args=[open_vote.pk]), {"choice": "yes"}).status_code == 403


def test_what_is_the_authors_is_not_for_others(ana: Member, bo: Member) -> None:
    proposal = votes.discussing(ana)
    for name in ("revise_proposal", "send_notice", "withdraw_proposal", "void_proposal"):
        assert signed_in(bo).post(reverse(name, args=[proposal.pk])).status_code == 403


def test_nothing_here_is_for_clients_or_strangers(ana: Member, bo: Member, lee: User, dan: User) -> None:
    proposal = votes.discussing(ana)
    places = [reverse(name) for name in ("proposals", "propose", "policies")] + [proposal.get_absolute_url()]
    for place in places:
        assert [signed_in(person).get(place).status_code for person in (lee, dan)] == [404, 404]
        assert Client().get(place).status_code == 302


def test_elections_set_a_vote_aside_with_a_reason(ana: Member, bo: Member) -> None:
    eli = make.member("Eli Brandt", hours=None, roles=["elections"])
    proposal = votes.counted(ana, ana="yes", bo="yes", eli="yes")
    assert "errorlist" in post(eli, "void_proposal", proposal.pk, note="")
    assert "Wrong day" in post(eli, "void_proposal", proposal.pk, note="Wrong day")


def test_the_rules_show_today_what_is_coming_and_where_it_comes_from(ana: Member, bo: Member) -> None:
    proposal = votes.counted(ana, ana="yes", bo="yes")
    (line,) = [
        line
        for _title, lines in signed_in(ana).get(reverse("policies")).context["page"].rooms()
        for line in lines
        if line.policy is ORDINARY.notice
    ]
    # The day of the change has come while nobody enacted it, so it still stands under what is decided.
    assert [step.proposal_id for step in [*line.past, *line.coming]] == [proposal.pk]
    assert "Up &amp; Go, New York" in page(ana, "policies")


def _queries(person: Member, name: str, *args: object) -> int:
    client = signed_in(person)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(name, args=args)).status_code == 200
    return len(queries)


def test_lists_ask_the_database_as_often_for_thirty_as_for_one(ana: Member, bo: Member) -> None:
    first = votes.counted(ana, ana="yes", bo="yes")
    first_page = [_queries(ana, "proposals"), _queries(ana, "proposal", first.pk), _queries(ana, "policies")]
    for _ in range(29):
        votes.draft(ana)
    votes.owners(28)
    busy = votes.voting(ana)
    for elector in busy.roll.select_related("member__user"):
        busy.cast("yes", at=votes.VOTED, by=elector.member.user)
        busy.comment("Yes!", at=votes.VOTED, by=elector.member.user)
    busy.close(at=votes.CLOSES, by=None)
    busy.certify(at=votes.CLOSES, by=None)
    assert [_queries(ana, "proposals"), _queries(ana, "proposal", busy.pk), _queries(ana, "policies")] == first_page
