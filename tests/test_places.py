"""The menu shows everybody the pages that open for them, and no closed door."""

import pytest

from coop.web import places
from tests.house import House, undone
from tests.reader import read

pytestmark = pytest.mark.django_db
WORKERS = ("ana", "bo", "cara", "mia", "eva", "sol", "tess", "ben", "eli", "ossi")


@pytest.mark.parametrize("who", WORKERS)
def test_a_place_is_shown_to_whom_it_opens(who: str, home: House) -> None:
    person, browser = home.people[who], home.browser(who)
    shown = {place.name for group in places.places_of(person).values() for place in group}
    opens = set()
    for place in places.registered():
        with undone():
            if browser.get(place.address(person)).status_code == 200:
                opens.add(place.name)
    assert shown - opens == set()
    assert opens - shown <= FOR_ALL


FOR_ALL = {"incidents", "care_records", "candidate", "hand_over_day", "certificates", "pay_runs"}
"""Pages on which everybody sees their own part, and which the menu shows to those who look after the whole."""


def test_the_menu_and_an_office_lead_to_the_same_pages(home: House) -> None:
    page = read(home.browser("sol").get("/").content.decode())
    links = [one.attrs["href"] for one in page.every("a")]
    for group in places.places_of(home.people["sol"]).values():
        for place in group:
            assert links.count(place.address(home.people["sol"])) >= 2, place.name


def test_what_waits_is_counted_for_those_whose_it_is(home: House) -> None:
    person = home.people["sol"]
    names = {one.name for one, _waits in places.waiting_for(person)}
    assert {"unfilled_shifts", "redos", "incidents", "proposals"} <= names
    assert "pay_runs" not in {one.name for one, _waits in places.waiting_for(home.people["ana"])}
