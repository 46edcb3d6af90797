"""Who is who: the cast against every predicate."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from members.models import Member, User
from members.rules import holds, is_member, is_owner

pytestmark = pytest.mark.django_db
QUESTIONS = {
    "member": is_member,
    "owner": is_owner,
    "office": holds("coordinator", "treasurer"),
    "money": holds("treasurer"),
}


def answers(user: Any) -> set[str]:
    return {name for name, ask in QUESTIONS.items() if ask(user)}


def test_each_of_the_cast_is_who_they_are(
    ana: Member, bo: Member, cara: Member, sol: Member, tess: Member, lee: User, dan: User
) -> None:
    bo.leave_coop(at=bo.user.joined_at, by=bo.user)
    people = {"ana": ana, "bo": bo, "cara": cara, "sol": sol, "tess": tess}
    found = {name: answers(person.user) for name, person in people.items()}
    assert found | {"lee": answers(lee), "dan": answers(dan), "visitor": answers(AnonymousUser())} == {
        "ana": {"member", "owner"},
        "bo": set(),
        "cara": {"member"},
        "sol": {"member", "owner", "office"},
        "tess": {"member", "owner", "office", "money"},
        "lee": set(),
        "dan": set(),
        "visitor": set(),
    }


def test_asking_who_somebody_is_twice_asks_the_database_once(tess: Member, django_assert_num_queries: Any) -> None:
    user = User.objects.get(pk=tess.user.pk)
    with django_assert_num_queries(3):
        assert [answers(user) == answers(user) for _ in range(3)] == [True] * 3
