"""What is wrong with a form is said once: a form that is shown whole says it itself."""

import re

import pytest

from tests.processes import ROOT

PAGES = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("*/templates/**/*.html")]
SAID = (
    r'\{% include "components/form_errors\.html" with form=([\w.]+)[^%]*%\}'
    r"(?:(?!\{% (?:else|elif|endif|endfor)).)*?\{\{ \1 \}\}"
)


def said_twice(page: str) -> bool:
    return re.search(SAID, page, re.DOTALL) is not None


@pytest.mark.parametrize("found", [True, False])
def test_a_form_that_says_it_twice_is_found(found: bool) -> None:
    before = '{% include "components/form_errors.html" with form=form only %}'
    assert said_twice(before + ("<p>{{ form }}" if found else "{% endif %}{{ form }}")) is found


def test_no_page_says_twice_what_is_wrong_with_a_form() -> None:
    assert [page for page in PAGES if said_twice(page.read_text()) and page.parent.name != "django"] == []
