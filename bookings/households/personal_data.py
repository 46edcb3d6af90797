"""A household's own: its people and homes, whom it wants and whom not; and the homes to which somebody does not go."""

from collections.abc import Callable
from datetime import datetime

from bookings.households.clients import Client, Home
from bookings.households.do_not_send import DoNotSend
from bookings.households.forgotten import marks
from bookings.households.housemates import HouseholdMember
from bookings.households.note_views import AccessView
from bookings.households.send_again import SendAgain
from members.models import Member, User
from members.personal_data import Facts, PersonalData, register


def of_household(user: User, facts: Callable[[Client], Facts]) -> Facts:
    """What a wing knows of this person's household, if they have one."""
    client = Client.objects.filter(user=user).select_related("user").first()
    return {"household": facts(client) if client else None}


def of_work(user: User, facts: Callable[[Member], Facts]) -> Facts:
    """What a wing knows of this person's work, if they work here."""
    return {"work": facts(user.membership) if user.membership else None}


def facts(user: User, at: datetime) -> Facts:
    """Their household, those of others to which they belong, and what they do not want as a worker."""
    others = HouseholdMember.objects.of(user).select_related("client__user").order_by("pk")
    return {
        **of_household(user, lambda client: _household(client, at)),
        "households of others": [
            {"of": one.client.user.short_name, "state": one.state, "invited_at": one.invited_at} for one in others
        ],
        **of_work(user, _work),
    }


def _household(client: Client, at: datetime) -> Facts:
    kept_away = DoNotSend.objects.filter(client=client, placer="client").select_related("member__user")
    wished = SendAgain.objects.filter(client=client).select_related("member__user")
    return {
        "phone": str(client.phone),
        "since": client.since,
        "people": [str(one.user) for one in client.people.standing().select_related("user").order_by("pk")],
        "homes": [_home(home, client.user, at) for home in client.homes.select_related("zip").order_by("pk")],
        "not to be sent": [
            {"person": one.member.short_name, "reason": one.reason, "since": one.placed_at, "until": one.lifted_at}
            for one in kept_away.order_by("pk")
        ],
        "please again": [
            {"person": one.member.short_name, "since": one.placed_at, "until": one.withdrawn_at}
            for one in wished.order_by("pk")
        ],
    }


def _home(home: Home, user: User, at: datetime) -> Facts:
    """With the getting-in note, which is theirs; that it was opened for them is written down."""
    looks = home.views.select_related("user").order_by("at")
    return {
        "street": home.street,
        "apartment": home.apartment,
        "ZIP code": home.zip_id,
        "pets": home.pets,
        "supplies": home.supplies,
        "language of who comes": home.spoken,
        "getting in": home.show_note(at=at, by=user) if home.access_note else "",
        "who opened that": [{"person": look.user.short_name, "at": look.at} for look in looks],
    }


def _work(member: Member) -> Facts:
    refused = DoNotSend.objects.filter(member=member, placer="member").select_related("client__user")
    return {
        "homes that you do not go to": [
            {"client": one.client.user.short_name, "since": one.placed_at, "until": one.lifted_at} for one in refused
        ],
        "getting-in notes that you opened": list(
            AccessView.objects.filter(user=member.user).order_by("at").values("at")
        ),
    }


def forget(user: User, at: datetime) -> None:
    """Homes lose their address, note and place, the household its phone and its people; no old list brings it back."""
    for one in HouseholdMember.objects.standing().visible_to(user).select_related("user", "client"):
        if one.is_about(user) or one.client.user_id == user.pk:
            one.leave(at=at, by=user)
    for home in Home.objects.filter(client__user_id=user.pk).order_by("pk"):
        home.forget(at=at)
    for client in Client.objects.filter(user=user, forgotten_as=[]):
        left = marks(email=user.address, phone=str(client.phone), name=user.name) if user.erased_at is None else []
        Client.objects.filter(pk=client.pk).update(phone="", forgotten_as=left)


register(PersonalData("home", facts=facts, forget=forget))
