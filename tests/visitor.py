"""A person at the site without JavaScript: follows links, fills in forms, presses buttons, keeps cookies."""

from __future__ import annotations

from urllib.parse import urljoin

import requests

from tests.reader import Element, Form, read


class Lost(AssertionError):
    """What a person looked for is not on the page; the message shows the page."""


class Visitor:
    """One person with one browser. After each step `page` is what they see, and `address` where they are."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.session = requests.Session()
        self.page: Element = read("")
        self.address = site
        self.status = 0

    def visit(self, path: str) -> str:
        """Go to an address of the site (or any other); the words that stand there."""
        return self._arrive(self.session.get(urljoin(self.address, path), headers=self._from_here(), timeout=30))

    @property
    def text(self) -> str:
        return self.page.text

    @property
    def main(self) -> str:
        """The words of the page without its frame."""
        found = self.page.every("main")
        return found[0].text if found else self.text

    @property
    def messages(self) -> str:
        """What the site tells them in passing."""
        return next((one.text for one in self.page.every("div") if one.attrs.get("id") == "messages"), "")

    def sees(self, *words: str) -> None:
        """All these words stand on the page."""
        seen = " ".join(self.text.split())
        if missing := [one for one in words if " ".join(one.split()) not in seen]:
            raise Lost(self._complaint(f"does not say {missing}"))

    def sees_no(self, *words: str) -> None:
        """None of these words stand on the page."""
        seen = " ".join(self.text.split())
        if found := [one for one in words if one in seen]:
            raise Lost(self._complaint(f"says {found}"))

    def links(self) -> list[tuple[str, str]]:
        """Every link of the page: where it leads, and its words."""
        return [(one.attrs["href"], " ".join(one.text.split())) for one in self.page.every("a") if "href" in one.attrs]

    def follow(self, words: str) -> str:
        """Follow the first link that says this, or leads to an address that ends like this."""
        for href, text in self.links():
            if words in text or path_of(href).endswith(words):
                return self.visit(href)
        raise Lost(self._complaint(f"has no link “{words}”"))

    def form(self, words: str) -> Form:
        """The first form with a button that says this, or whose address ends like this."""
        forms = [Form(one, self.page) for one in self.page.every("form")]
        for form in forms:
            if any(words in one.text or words in one.attrs.get("aria-label", "") for one in form.buttons):
                return form
        for form in forms:
            if path_of(urljoin(self.address, form.action)).endswith(words):
                return form
        raise Lost(self._complaint(f"has no form “{words}”"))

    def send(self, words: str, **answers: str | list[str]) -> str:
        """Fill in what is named, leave the rest as it is, press the button; the words of the page that follows."""
        form = self.form(words)
        if unknown := answers.keys() - form.names():
            raise Lost(self._complaint(f"asks for {sorted(form.names())} and not for {sorted(unknown)}"))
        pairs = [pair for pair in form.filled() if pair[0] not in answers]
        for name, given in answers.items():
            pairs += [(name, value) for value in ([given] if isinstance(given, str) else given)]
        pressed = next((one for one in form.buttons if words in one.text), next(iter(form.buttons), None))
        if pressed is not None and pressed.attrs.get("name", "") not in ("", *answers):
            pairs.append((pressed.attrs["name"], pressed.attrs.get("value", "")))
        target = urljoin(self.address, (pressed and pressed.attrs.get("formaction")) or form.action)
        if form.method == "get":
            return self._arrive(self.session.get(target, params=pairs, headers=self._from_here(), timeout=30))
        headers = {**self._from_here(), "Origin": urljoin(self.address, "/").rstrip("/")}
        return self._arrive(self.session.post(target, data=pairs, headers=headers, timeout=30))

    def knock(self, path: str, **answers: str) -> str:
        """Send a form that the page does not offer, as somebody with bad intent would."""
        token = next(
            value
            for form in self.page.every("form")
            for name, value in Form(form, self.page).filled()
            if name == "csrfmiddlewaretoken"
        )
        pairs = {"csrfmiddlewaretoken": token, **answers}
        return self._arrive(
            self.session.post(urljoin(self.address, path), data=pairs, headers=self._from_here(), timeout=30)
        )

    def _from_here(self) -> dict[str, str]:
        return {"Referer": self.address}

    def _arrive(self, answer: requests.Response) -> str:
        self.address, self.status = answer.url, answer.status_code
        self.source = answer.text
        self.page = read(answer.text) if "html" in answer.headers.get("Content-Type", "") else read("")
        if self.status >= 500:
            raise Lost(self._complaint("is broken"))
        return self.text

    def _complaint(self, what: str) -> str:
        return f"{self.address} ({self.status}) {what}. It says:\n{self.text}"


def path_of(address: str) -> str:
    """An address without what is asked of it, and without the slash at its end."""
    return address.partition("#")[0].partition("?")[0].rstrip("/")
