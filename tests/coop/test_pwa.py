"""What a browser keeps of the site, and what the site is called among a phone's apps."""

import json
import re

import pytest
from django.contrib.staticfiles import finders

from coop.web.pwa import _version
from tests.browsers import Browser as Client

pytestmark = pytest.mark.django_db


def test_the_apps_name_and_language_are_the_co_ops_and_its_icons_are_there(settings: object) -> None:
    told = {
        language: json.loads(Client(headers={"accept-language": language}).get("/manifest.webmanifest").content)
        for language in ("en", "es")
    }
    assert [(one["lang"], one["name"], one["start_url"]) for one in told.values()] == [
        ("en", "Sunrise Home Co-op", "/"),
        ("es", "Sunrise Home Co-op", "/"),
    ]
    assert told["es"]["description"] == "De las personas que hacen el trabajo."
    icons = [icon["src"].removeprefix("/static/") for icon in told["en"]["icons"]]
    assert [icon for icon in icons if finders.find(icon) is None] == []
    assert {icon.get("purpose") for icon in told["en"]["icons"]} == {None, "any", "maskable"}


def test_the_script_beside_the_pages_keeps_the_look_and_no_page_but_the_saved_day() -> None:
    answer = Client().get("/sw.js")
    words = answer.content.decode()
    kept = re.findall(r'"([^"]+)"', words.split("const FILES = [")[1].split("]")[0])
    assert answer["Content-Type"] == "text/javascript"
    assert [file for file in kept if not file.startswith("/static/")] == []
    assert [file for file in kept if file.endswith(".css")] != []
    assert 'SAVED = "/today/saved"' in words


def test_a_new_look_is_a_new_script() -> None:
    looks = [["/static/css/all.1234.css"], ["/static/css/all.5678.css"], ["/static/css/all.1234.css"]]
    first, second, again = map(_version, looks)
    assert (first != second, first == again) == (True, True)
