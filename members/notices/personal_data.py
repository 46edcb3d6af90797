"""How we reach somebody and what we wrote to them, as part of what is kept about a person."""

from datetime import datetime

from members.notices.contact_preferences import Reach
from members.notices.notices import Notice
from members.notices.push_addresses import PushAddress
from members.people.users import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    notices = Notice.objects.filter(user=user).order_by("due_at", "pk")
    return {
        "how we reach them": list(
            Reach.objects.filter(user=user).values(
                "urgent_by", "rest_by", "pace", "tomorrow", "phone", "code_to", "confirmed_at", "stopped_at"
            )
        ),
        "browsers that show messages": list(
            PushAddress.objects.filter(user=user).order_by("pk").values("endpoint", "made_at")
        ),
        "messages": list(notices.values("due_at", "sent_at", "way", "subject", "body")),
    }


def forget(user: User, at: datetime) -> None:
    """Their messages are blanked; by which ways they were told goes."""
    Notice.objects.filter(user=user).update(subject="", body="", calendar="", sent_at=at)
    Reach.objects.filter(user=user).delete()
    PushAddress.objects.filter(user=user).delete()


register(PersonalData("account", facts=facts, forget=forget))
