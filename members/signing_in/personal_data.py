"""Keys and sessions, as part of what is kept about a person."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from members.people.users import User
from members.personal_data import Facts, PersonalData, register
from members.signing_in.addresses.address_changes import AddressChange


def facts(user: User, at: datetime) -> Facts:
    """Which keys there are and where they are signed in; never what a key is made from."""
    keys = Authenticator.objects.filter(user=user).order_by("created_at")
    sessions = UserSession.objects.filter(user=user).order_by("created_at")
    changes = AddressChange.objects.filter(user=user).order_by("at")
    return {
        "addresses before": list(changes.values("was", "becomes", "at", "stopped_at")),
        "keys": [{"kind": one.type, "made_at": one.created_at, "used_at": one.last_used_at} for one in keys],
        "signed in": list(sessions.values("created_at", "last_seen_at", "ip", "user_agent")),
    }


def forget(user: User, at: datetime) -> None:
    """No key opens anything any more, and every session is over."""
    Authenticator.objects.filter(user=user).delete()
    AddressChange.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()


register(PersonalData("account", facts=facts, forget=forget))
