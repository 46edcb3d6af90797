"""The record of care: of the household in which it was given, and of whoever gave it."""

from datetime import datetime

from django.db.models import QuerySet

from bookings.care.records import CareRecord
from bookings.households.clients import Client
from bookings.households.personal_data import of_household, of_work
from members.models import Member, User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """Each line of the record that is about them."""
    return {**of_household(user, _household), **of_work(user, _work)}


def _household(client: Client) -> Facts:
    records = CareRecord.objects.filter(shift__visit__booking__home__client=client)
    return _told(records, "recipient", "street", "start_place", "end_place")


def _work(member: Member) -> Facts:
    """Without a client's name and home, which are the client's."""
    return _told(CareRecord.objects.filter(shift__member=member))


def _told(records: QuerySet[CareRecord], *where: str) -> Facts:
    facts = ("number", "service", "worker", "starts_at", "ends_at", "start_how", "end_how", "flags", "reason", *where)
    return {"care on record": [dict(one) for one in records.order_by("shift", "number").values(*facts)]}


def forget(user: User, at: datetime) -> None:
    """Nothing goes: a record of care stands as it was written."""


register(PersonalData("home", facts=facts, forget=forget))
