"""What was written to members and what they answered, as part of what is kept about a person."""

from datetime import datetime

from members.announcements.announcements import Addressee, Announcement
from members.people.users import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """What was written to them, when they opened it and what they said; what they wrote for an office."""
    got = Addressee.objects.filter(member__user=user).select_related("announcement").order_by("pk")
    wrote = Announcement.objects.filter(author=user).order_by("pk")
    return {
        "announcements to you": [
            {"sent": one.announcement.sent_at, "subject": str(one.announcement), "text": one.announcement.body}
            | {"opened": one.opened_at, "can you come": one.answer}
            for one in got
        ],
        "announcements that you wrote": [{"sent": one.sent_at, "subject": str(one), "text": one.body} for one in wrote],
    }


def forget(user: User, at: datetime) -> None:
    """When they opened what, and whether they could come, goes; what they wrote for an office is the co-op's."""
    Addressee.objects.filter(member__user=user).update(opened_at=None, answer="", answered_at=None)


register(PersonalData("account", facts=facts, forget=forget))
