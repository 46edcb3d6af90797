"""What the office writes down about a member: what they can do, and what they said to be changed."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from coop.errors import Refusal
from coop.models import ZipCode
from coop.states import all_or_nothing
from members.notices.notices import Notice
from members.people.members import Member
from members.people.users import User
from members.skills.skills import Skill


def give_skills(member: Member, codes: Iterable[str], *, note: str, at: datetime, by: User) -> None:
    """From now on they can do exactly this; they are told. Refused for oneself. What is the same leaves no trace."""
    with all_or_nothing(member):
        _take(member, by)
        before, after = sorted(member.skills), sorted(set(codes))
        if before == after:
            return
        member.skills = after
        member.save(update_fields=["skills"])
        names = {skill.code: str(skill) for skill in Skill.objects.all()}
        was, now = (", ".join(names.get(code, code) for code in one) or "–" for one in (before, after))
        _write(member, "give_skills", f"{was} → {now}. {note}", at=at, by=by)


def change(
    member: Member, *, phone: str, zip: ZipCode, areas: list[str], minutes: int, note: str, at: datetime, by: User
) -> None:
    """Write down what a member said on the phone; they are told. Refused for oneself, who does that under *Me*."""
    with all_or_nothing(member):
        _take(member, by)
        before = _said(member)
        member.phone, member.zip, member.areas, member.minutes_wanted = phone, zip, areas, minutes
        if before == _said(member):
            return
        member.save(update_fields=["phone", "zip", "areas", "minutes_wanted"])
        _write(member, "change", f"{_changes(before, _said(member))}. {note}", at=at, by=by)


def _take(member: Member, by: User) -> None:
    if member.user_id == by.pk:
        raise Refusal(_("This is about yourself: somebody else has to do it."))
    member.refresh_from_db(from_queryset=Member.objects.select_for_update(of=("self",)))


def _said(member: Member) -> dict[str, str]:
    return {
        "phone": str(member.phone),
        "ZIP": member.zip_id,
        "areas": " ".join(member.areas),
        "h": str(member.minutes_wanted // 60),
    }


def _changes(before: dict[str, str], after: dict[str, str]) -> str:
    return ", ".join(
        f"{name}: {before[name] or '–'} → {after[name] or '–'}" for name in after if before[name] != after[name]
    )


def _write(member: Member, verb: str, note: str, *, at: datetime, by: User) -> None:
    member.record_event(verb, at=at, by=by, note=note.strip().removesuffix(".") + ".")
    key = f"record_changed:{member.pk}:{at.timestamp()}"
    Notice.post(key, to=member.user, mail="record_changed", at=at, about={"note": note, "by": by})
