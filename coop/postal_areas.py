"""Every postal area of the United States, by the list that `zipcodes` brings, and which of them are known here."""

import re
from collections.abc import Collection, Iterable
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import zipcodes

from coop.models import ZipCode


class Place(NamedTuple):
    """What the list says of one area, as far as it is kept here: a row of `ZipCode`, and whether mail is delivered."""

    code: str
    city: str
    county: str
    state: str
    latitude: float
    longitude: float
    zone: str
    is_delivered: bool

    @property
    def facts(self) -> dict[str, str | float]:
        """Its columns but the code."""
        return {name: value for name, value in self._asdict().items() if name not in ("code", "is_delivered")}


WITH_STATE = re.compile(r"(.+?)[\s,]+([A-Za-z]{2})")


def meet(code: str) -> ZipCode | None:
    """The row of this ZIP code, made if there is none yet: that somebody lives there does not mean that we work there.

    None where there is no such area.
    """
    known = ZipCode.objects.filter(pk=code).first()
    if known or not code:
        return known
    found = _in_use().get(code)
    if found is None:
        return None
    return ZipCode.objects.get_or_create(pk=code, defaults=found.facts | {"served_days": []})[0]


def of_county(state: str, county: str) -> list[ZipCode]:
    """The delivery areas of one county, as rows that are not saved yet."""
    found = (one for one in _in_use().values() if (one.state, one.county) == (state, county))
    return [ZipCode(code=one.code, **one.facts) for one in found if one.is_delivered]


def of_codes(codes: Iterable[str]) -> dict[str, ZipCode]:
    """Those of these ZIP codes that there are, by code, as rows that are not saved yet."""
    found = {code: _in_use()[code] for code in codes if code in _in_use()}
    return {code: ZipCode(code=code, **one.facts) for code, one in found.items()}


def find_counties(said: str, *, near: Collection[str]) -> list[tuple[str, str]]:
    """The counties that somebody may mean, as state and name: “Kings County, NY”, or “Kings” in one of `near`."""
    told = WITH_STATE.fullmatch(said.strip())
    name, states = (told[1].strip(), {told[2].upper()}) if told else (said.strip(), set(near))
    here = [(state, county) for state, county in _counties() if state in states]
    exact = [one for one in here if one[1].casefold() == name.casefold()]
    return exact or [one for one in here if one[1].casefold().rpartition(" ")[0] == name.casefold()]


def work_in(areas: list[ZipCode]) -> None:
    """Serve these, and nothing else: how a co-op begins."""
    ZipCode.objects.update(served_days=[])
    ZipCode.objects.bulk_create(areas, update_conflicts=True, unique_fields=["code"], update_fields=["served_days"])


def meet_all(codes: Iterable[str]) -> None:
    """A row for each of these ZIP codes that there are. The new ones are not served yet."""
    areas = of_codes(codes).values()
    for area in areas:
        area.served_days = []
    ZipCode.objects.bulk_create(areas, ignore_conflicts=True)


def counties(state: str) -> list[str]:
    """The counties of a state (two letters) to which mail is delivered, by name."""
    return sorted(county for its, county in _counties() if its == state)


def zones() -> list[str]:
    """The time zones in which there are homes, by their names in the tz database."""
    return sorted({one.zone for one in _in_use().values()})


@cache
def _in_use() -> dict[str, Place]:
    """Each area in use whose time zone is known, by its code; each county in one spelling."""
    listed = [one for one in zipcodes.list_all() if one["active"]]
    zones = {zone for zone in {one["timezone"] for one in listed} if _is_zone(zone)}
    spelled: dict[tuple[str, str], str] = {}
    for one in listed:
        spelled.setdefault((one["state"], one["county"].casefold()), one["county"])
    return {
        one["zip_code"]: Place(
            code=one["zip_code"],
            city=one["city"],
            county=spelled[one["state"], one["county"].casefold()],
            state=one["state"],
            latitude=float(one["lat"]),
            longitude=float(one["long"]),
            zone=one["timezone"],
            is_delivered=one["zip_code_type"] == "STANDARD",
        )
        for one in listed
        if one["timezone"] in zones
    }


@cache
def _counties() -> tuple[tuple[str, str], ...]:
    delivered = (one for one in _in_use().values() if one.is_delivered and one.county)
    return tuple(sorted({(one.state, one.county) for one in delivered}))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True
