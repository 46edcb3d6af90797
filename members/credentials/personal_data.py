"""Certificates, as part of what is kept about a person."""

from datetime import datetime

from django.db.models import F, Q

from members.credentials.credentials import Credential
from members.credentials.evidence import Evidence
from members.people.users import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """What they hold, and what they showed; the photo itself stands on its page as long as we keep it."""
    if user.membership is None:
        return {}
    rows = Credential.objects.filter(member=user.membership).order_by("pk")
    shown = Evidence.objects.filter(member=user.membership).order_by("pk")
    has_photo = {"photo_is_kept": Q(picture__isnull=False), "certificate": F("type__code")}
    told = shown.values("state", "number", "issued_on", "expires_on", "sent_at", "decided_at", "words", **has_photo)
    held = list(rows.values("kind", "number", "issued_on", "expires_on"))
    return {"work": {"certificates": held, "certificates_shown": list(told)}}


def forget(user: User, at: datetime) -> None:
    """Their numbers go, and what they showed, with its photos and words."""
    Credential.objects.filter(member__user=user).update(number="")
    Evidence.objects.filter(member__user=user).delete()


register(PersonalData("account", facts=facts, forget=forget))
