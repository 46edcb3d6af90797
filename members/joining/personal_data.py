"""Applications and mentors, as part of what is kept about a person."""

from datetime import datetime

from coop.events import GONE
from coop.models import Event
from members.joining.admissions import Admission
from members.joining.applications import Application
from members.joining.candidates import Mentoring
from members.joining.learning import Learned
from members.people.users import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """What they told when they applied, and who helped them; not what was noted about a talk."""
    sent = Application.objects.filter(user=user).order_by("pk")
    helped = Mentoring.objects.filter(candidate__user=user).select_related("mentor__user").order_by("pk")
    return {
        "applications": list(
            sent.values(
                "sent_at",
                "state",
                "phone",
                "zip",
                "minutes_wanted",
                "days",
                "areas",
                "languages",
                "skills",
                "may_work",
                "words",
                "told",
                "ended_at",
            )
        ),
        "learned as a candidate": [
            {"what": one.lesson.text_en, "at": one.at}
            for one in Learned.objects.filter(candidate__user=user).select_related("lesson").order_by("pk")
        ],
        "admissions": list(
            Admission.objects.filter(candidate__user=user).order_by("pk").values("outcome", "state", "asked_at")
        ),
        "mentors": [{"since": one.begun_at, "until": one.ended_at, "name": one.mentor.short_name} for one in helped],
    }


def forget(user: User, at: datetime) -> None:
    """Their applications go, with the notes about their talks, what they learned, and why they were taken or not."""
    decided = Admission.objects.filter(candidate__user=user).exclude(state=Admission.State.ASKED)
    Event.objects.forget_words(decided)
    decided.exclude(words=GONE).update(words=GONE)
    Application.objects.filter(user=user).delete()
    Learned.objects.filter(candidate__user=user).delete()


register(PersonalData("account", facts=facts, forget=forget))
