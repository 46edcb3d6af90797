"""Every address x the three of a co-op that share all offices: each gets the most of what their offices get, and what
a large co-op can do, three can do.
"""

from collections.abc import Iterator
from copy import deepcopy

import pytest

from members.models import Member, Role
from tests import house, make
from tests.house import NOBODY, House
from tests.proofs import some
from tests.test_matrix import SENT, address_of, by_person, declared

pytestmark = pytest.mark.django_db
OFFICES = {
    "ana": ("board", "mentor"),
    "sol": ("coordinator", "safety", "elections"),
    "tess": ("treasurer", "membership"),
}
HOLDERS = {"coordinator": "sol", "treasurer": "tess", "board": "ben", "safety": "eli", "elections": "eli"}
"""Whose answers in the matrix are those of an office."""
ALL = (NOBODY, "lee", *OFFICES)
RANK = [
    "stripe",
    "back",
    "ok",
    "unfit",
    "refused",
    "bad",
    "forbidden",
    "not_found",
    "method",
    "gone",
    "unwell",
    "login",
]
DONE = ("stripe", "back", "ok", "unfit")
STEPS = ("accept", "decline", "invite", "note")
OF_MEMBERSHIP = (
    *("add_certificate_kind", "change_certificate_kind", "add_lesson", "change_lesson", "end_credential"),
    *("give_notice", "go_on_leave", "seat_member", "found_body", "change_body", "seat_in_body"),
)
"""Pages of the office of membership, where it writes; nobody in the house has that office alone."""
NOT_BY_BOARD = ("suspend", "reinstate_suspended", "return_as_candidate", "return_as_member")
OTHERWISE: dict[tuple[str, str], dict[str, str]] = {
    **{("answer_offer", way): dict.fromkeys(ALL, "not_found") for way in ("get", "post")},
    **{(f"{step}_confirmation", "post"): {"ana": "forbidden"} for step in ("confirm", "decline")},
    ("home", "get"): {"ana": "ok"},
    **{("leave_body", way): dict.fromkeys(OFFICES, "not_found") for way in ("get", "post")},
    **{
        (name, way): dict.fromkeys(("lee", *OFFICES), "not_found")
        for name in ("change_member", "give_skills", "choose_mentor", "put_forward", "turn_down")
        for way in ("get", "post")
    },
    **dict.fromkeys([("candidate", "get"), ("learn", "post")], dict.fromkeys(("lee", *OFFICES), "not_found")),
    **{(name, "get"): {"tess": "ok"} for name in (*OF_MEMBERSHIP, "member", "leaving_reasons")},
    **{
        (name, "post"): {"tess": "unfit"} for name in (*OF_MEMBERSHIP, "come_back_from_leave", "write_down_certificate")
    },
    ("end_lesson", "post"): {"tess": "back"},
    ("take_back", "post"): {"tess": "refused"},
    ("candidates", "get"): {"tess": "ok", "sol": "forbidden"},
    **{(name, "post"): {"ana": "forbidden", "tess": "unfit"} for name in NOT_BY_BOARD},
    **{(f"{name}_evidence", "post"): {"ana": "forbidden", "sol": "not_found"} for name in ("accept", "refuse")},
    **{(name, "get"): {"sol": "not_found"} for name in ("evidence", "evidence_picture")},
    **{(name, "post"): {"sol": "not_found"} for name in ("withdraw_evidence", "reopen_day", "take_back_hours")},
    ("take_back_areas", "post"): {"sol": "not_found"},
    ("try_out", "post"): {"ana": "not_found", "sol": "not_found"},
    ("recover_user", "get"): {"ana": "forbidden", "tess": "ok"},
    ("recover_user", "post"): {"ana": "forbidden", "tess": "unfit"},
    ("members", "get"): {"tess": "ok"},
    ("accept_application", "post"): {"tess": "back"},
    **{
        (name, "get"): {"tess": "ok"}
        for name in ("applications", "application_file", *(f"{step}_application" for step in STEPS))
    },
    **{(f"{step}_application", "post"): {"tess": "unfit"} for step in STEPS if step != "accept"},
    ("read_standing", "get"): {"tess": "ok"},
    ("refuse_evidence", "get"): {"ana": "forbidden", "sol": "not_found"},
    ("write_down_certificate", "get"): {"tess": "ok"},
    **{(f"{step}_agreement", "get"): {"tess": "ok"} for step in ("add", "write")},
    **{(f"{step}_agreement", "post"): {"tess": "unfit"} for step in ("add", "write")},
    ("end_agreement", "post"): {"tess": "back"},
    ("take_back_agreement", "post"): {"tess": "back"},
    ("take_up_agreement", "post"): {"tess": "refused"},
    ("import_members", "get"): {"tess": "ok"},
    ("member_sheet", "get"): {"tess": "ok"},
    ("import_members", "post"): {"tess": "unfit"},
}
"""Those whose files these are have left, and Tess looks after membership. Whose offer it was has left;
what is about Ana's pay she does not decide; and who holds an office has its home.
"""


@pytest.fixture(scope="module")
def three(standing: House) -> Iterator[House]:
    """Everybody else has left the house, and the three have shared their offices."""
    with house.undone():
        kept = deepcopy(standing)
        for one in Member.objects.here(house.NOW.date()).exclude(user__in=[kept.people[name] for name in OFFICES]):
            one.leave_coop(at=house.NOW, by=None)
        for name, kinds in OFFICES.items():
            member = kept.people[name].membership
            for kind in set(kinds) - set(Role.objects.filter(member=member).values_list("kind", flat=True)):
                make.role(member, kind)
        yield kept


def expected(name: str, way: str, people: list[str]) -> dict[str, str]:
    """What each of the three gets by the matrix, be it as they are or for one of their offices."""
    words = by_person(declared()[name, way], people)
    found = {}
    for who, kinds in OFFICES.items():
        mine = {words[who], *(words[HOLDERS[kind]] for kind in kinds if kind in HOLDERS)}
        found[who] = min(mine, key=RANK.index)
    return found | {NOBODY: words[NOBODY], "lee": words["lee"]} | OTHERWISE.get((name, way), {})


@pytest.mark.parametrize(("name", "way"), some(sorted(declared()), of=20))
def test_an_address_answers_the_three_as_their_offices(name: str, way: str, three: House) -> None:
    address, sent = address_of(name, three), SENT.get(name, {}) if way == "post" else {}
    declared_here = expected(name, way, [NOBODY, *three.people])
    found = {who: three.answer(who, way, address, sent(three) if callable(sent) else sent) for who in declared_here}
    assert found == declared_here


def test_they_are_three(three: House) -> None:
    here = Member.objects.here(house.NOW.date()).values_list("user", flat=True)
    assert sorted(here) == sorted(three.people[name].pk for name in OFFICES)
