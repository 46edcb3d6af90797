"""Where one looks after those who would like to work here."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, Waiting, Waits, register, register_waiting
from members.joining.applications import Application
from members.joining.candidates import Candidate
from members.people.users import User


def _themselves(user: User) -> int:
    assert user.membership is not None
    return user.membership.pk


register(
    Place("applications", _("Applications"), Group.MEMBERSHIP, "members.read_applications"),
    Place("candidates", _("Candidates"), Group.MEMBERSHIP, "members.read_candidates"),
    Place("candidate", _("My time as a candidate"), Group.MEMBERSHIP, "members.read_progress", _themselves),
)

register_waiting(
    Waiting(
        "applications",
        _("Applications that wait"),
        "members.read_applications",
        lambda user: Waits.oldest_first(list(Application.objects.visible_to(user).waiting()), "proven_at"),
        always=True,
    ),
    Waiting(
        "candidates",
        _("Candidates"),
        "members.read_applications",
        lambda user: Waits(Candidate.objects.visible_to(user).now().count()),
        always=True,
    ),
)
