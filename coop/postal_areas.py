"""Every postal area of the United States, by the list that `zipcodes` brings, and which of them are known here."""

from typing import Any

import zipcodes

from coop.models import ZipCode


def meet(code: str) -> ZipCode | None:
    """The row of this ZIP code, made if there is none yet: that somebody lives there does not mean that we work there.

    None where there is no such area.
    """
    known = ZipCode.objects.filter(pk=code).first()
    if known or not code:
        return known
    found = next(iter(zipcodes.filter_by(zip_code=code)), None)
    if found is None:
        return None
    return ZipCode.objects.get_or_create(pk=code, defaults=_facts(found) | {"served": False})[0]


def of_county(state: str, county: str) -> list[ZipCode]:
    """The delivery areas of one county, as rows that are not saved yet."""
    found = zipcodes.filter_by(state=state, county=county, zip_code_type="STANDARD", active=True)
    return [ZipCode(code=one["zip_code"], **_facts(one)) for one in found]


def work_in(state: str, county: str) -> None:
    """Serve this county, and nothing else: how a co-op begins."""
    ZipCode.objects.served().update(served=False)
    serve(of_county(state, county))


def serve(areas: list[ZipCode]) -> None:
    """Take new bookings in these areas, known before or not."""
    ZipCode.objects.bulk_create(areas, update_conflicts=True, unique_fields=["code"], update_fields=["served"])


def counties(state: str) -> list[str]:
    """The counties of a state (two letters) to which mail is delivered, by name."""
    found = zipcodes.filter_by(state=state, zip_code_type="STANDARD", active=True)
    return sorted({one["county"] for one in found if one["county"]})


def _facts(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "city": found["city"],
        "county": found["county"],
        "state": found["state"],
        "latitude": float(found["lat"]),
        "longitude": float(found["long"]),
        "zone": found["timezone"],
    }
