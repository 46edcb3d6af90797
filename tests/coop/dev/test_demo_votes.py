"""In the demo a vote that takes days elsewhere can be seen through in minutes."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.urls import reverse

from coop.dev.demo_votes import skip_wait
from coop.errors import Refusal
from coop.models import Event
from governance.policies import ORDINARY
from members.models import Member
from tests.browsers import Browser
from tests.governance import votes

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_nobody_skips_a_wait_outside_the_demonstration(ana: Member, bo: Member) -> None:
    proposal = votes.voting(ana)
    with pytest.raises(Refusal, match="Only the demonstration"):
        skip_wait(proposal, at=votes.VOTED, by=ana.user)


def test_in_the_demonstration_a_vote_can_be_seen_through_in_minutes(
    ana: Member, bo: Member, settings: LazySettings
) -> None:
    settings.DEMO = True
    proposal, now = votes.noticed(ana), votes.NOTICED + MINUTE
    for step in range(3):
        skip_wait(proposal, at=now + step * MINUTE, by=ana.user)
        proposal.advance(at=now + step * MINUTE)
        if step == 0:
            votes.cast_at(proposal, now, ana="yes", bo="yes")
    assert proposal.state == "enacted"
    assert ORDINARY.notice.on(now.date()) == 5
    assert Event.objects.about(proposal).filter(verb="skip_wait").count() == 3


def test_skipping_is_for_the_demonstration(ana: Member, bo: Member, sol: Member, settings: LazySettings) -> None:
    vote, browser = votes.live(ana), Browser()
    browser.force_login(ana.user)
    url = reverse("skip_wait", args=[vote.pk])
    assert "Close and count now" not in browser.get(vote.get_absolute_url()).content.decode()
    assert browser.post(url).status_code == 403
    settings.DEMO = True
    browser.post(reverse("cast_ballot", args=[vote.pk]), {"choice": "yes"})
    assert "Close and count now" in browser.get(vote.get_absolute_url()).content.decode()
    answer = browser.post(url, follow=True).content.decode()
    assert "No decision" in answer
    assert "skipped the wait, as the demonstration allows" in answer
