"""Who has accepted all that holds, and who has not yet: asked before anybody is asked for work."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from coop.errors import Refusal
from members.agreements.agreements import Acceptance, AgreementVersion
from members.people.members import Member
from members.standing.meaning import ASKED, TOLD

HAS_AGREED = """NOT EXISTS (
  SELECT FROM members_agreement g
  CROSS JOIN LATERAL (
    SELECT v.id FROM members_agreementversion v
    WHERE v.agreement_id = g.id AND v.starts_on <= {agreed_on}::date AND v.taken_back_on IS NULL
    ORDER BY v.starts_on DESC, v.id DESC LIMIT 1) holds
  WHERE g.ended_at IS NULL AND NOT EXISTS (
    SELECT FROM members_acceptance a WHERE a.version_id = holds.id AND a.member_id = m.id))"""
"""Has member `m` accepted all that holds on a day? As SQL, for whoever looks for somebody to ask."""


def insist_on_agreement(member: Member, *, at: datetime) -> None:
    """Refuse new work to somebody who has not accepted what holds today. What they said yes to before goes on."""
    if AgreementVersion.objects.to_accept(member, timezone.localdate(at)).exists():
        raise Refusal(_("Before that, what we agreed on has to be read and accepted: it stands under “Today”."))


def missing(version: AgreementVersion, today: date, *, told: bool = False) -> list[Member]:
    """Those who take work and have not accepted this version, by name; `told`: all who are told what members are."""
    accepted = Acceptance.objects.filter(version=version, member=OuterRef("pk"))
    people = Member.objects.in_state(*(TOLD if told else ASKED), on=today).filter(~Exists(accepted))
    return list(people.select_related("user").order_by("user__name", "pk"))


def how_many_are_missing(today: date) -> int:
    """How many people take work and have not accepted all that holds. One query."""
    accepted = Acceptance.objects.filter(version=OuterRef("pk"), member=OuterRef(OuterRef("pk")))
    left = AgreementVersion.objects.in_force(today).filter(~Exists(accepted))
    return Member.objects.in_state(*ASKED, on=today).filter(Exists(left)).count()
