"""Every button that acts at once stands in docs/taps.md, with its way back."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGE = ROOT / "docs" / "taps.md"
OWN_PAGE = {
    "account/code": "resend_code",
    "account/logout": "account_logout",
    "client/cancel_visit": "cancel_own_visit",
    "client/claim": "answer_claim",
    "imports/clients": "import_clients",
    "imports/members": "import_members",
    "households/join_household": "join_household",
    "charges/confirm": "confirm_payment",
    "client/move": "move_own_visit",
    "office/relieve": "relieve_shift",
    "notices/no_list": "no_list",
    "catalog/door": "hang_sign",
    "recovery/stop": "stop_recovery",
    "recovery/finish": "finish_recovery",
    "presets/preset": "choose_preset",
    "signing_in/stop_address": "stop_address_change",
    "webauthn/authenticator_confirm_delete": "mfa_remove_webauthn",
}
"""Forms that are sent to the page on which they stand."""
WITH_WHAT_WAS_TYPED = "pages/stale"
"""Sends once more what was typed into another form, whichever that was."""
FROM_A_LIST = "trouble/row"
"""Has the buttons that folders name for what waits of theirs (`attention.py`)."""
FIELD = re.compile(
    r"""<(?!input[^>]*type="hidden")(input|select|textarea)\b|{{ *(?:\w+\.)?\w*form\b|as_field_group|\bfield\b"""
)
ROW = re.compile(r"^\| `(\w+)` \| [^|]+ \| (.+) \|$", re.MULTILINE)
WAYS = re.compile(r"undone|asked|harmless")


def short(path: Path) -> str:
    return "/".join(path.with_suffix("").parts[-2:])


def own_pages(path: Path) -> list[str]:
    """The addresses of the page that a template is, or of those that extend it."""
    if short(path) in OWN_PAGE:
        return [OWN_PAGE[short(path)]]
    begins = f'{{% extends "{path.relative_to(ROOT / "templates")}" %}}'
    heirs = [page for page in (ROOT / "templates").rglob("*.html") if page.read_text().startswith(begins)]
    assert heirs, path
    return [OWN_PAGE[short(page)] for page in heirs]


def one_press() -> Iterator[str]:
    """The addresses to which a form without any field to fill in is sent, as the templates have them."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for head, inside in re.findall(r"<form\b([^>]*)>(.*?)</form>", path.read_text(), re.DOTALL):
            asks = FIELD.search(inside) or re.search(r'{% include "(?!components/icon)', inside)
            name = short(path)
            if 'method="post"' not in head or asks or name == WITH_WHAT_WAS_TYPED:
                continue
            if name == FROM_A_LIST:
                yield from remedies()
                continue
            named = re.search(r"""{% url ['"](\w+)['"]""", head)
            yield from [named[1]] if named else own_pages(path)


def remedies() -> Iterator[str]:
    """The addresses of remedies that are one press: neither a link, nor with a note that is asked for first."""
    for path in sorted(ROOT.glob("*/*/attention.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Remedy":
                to = call.args[1]
                if not {one.arg for one in call.keywords} & {"is_link", "asks"}:
                    assert isinstance(to, ast.Call), path
                    assert isinstance(to.args[0], ast.Constant), path
                    yield str(to.args[0].value)


def test_each_has_its_way_back_on_paper() -> None:
    assert sorted(name for name, _way in ROW.findall(PAGE.read_text())) == sorted(set(one_press()))


def test_each_way_back_is_an_undo_a_question_or_a_reason_why_none_is_needed() -> None:
    assert [name for name, way in ROW.findall(PAGE.read_text()) if not WAYS.match(way)] == []


def test_what_is_said_to_be_asked_first_is_behind_a_question() -> None:
    """Deleting for good is never one press: the button lies in a fold that asks."""
    for name, way in ROW.findall(PAGE.read_text()):
        if way == "asked first, in words":
            pages = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
            having = [page for page in pages if f"{{% url '{name}'" in page]
            assert having, name
            for page in having:
                before = page[: page.index(f"{{% url '{name}'")]
                assert before.count("<details") == before.count("</details") + 1, name
