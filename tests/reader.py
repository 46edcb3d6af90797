"""Reading a page as a person does who has no JavaScript: its words, its links, its forms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NOT_READ = {"script", "style", "template", "head"}
BLOCKS = {
    *("address", "article", "aside", "blockquote", "br", "button", "caption", "dd", "details", "div", "dl", "dt"),
    *("fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "header", "hr", "label", "legend", "li", "main"),
    *("nav", "ol", "option", "p", "section", "select", "summary", "table", "td", "th", "tr", "ul"),
}


@dataclass
class Element:
    """A piece of a page: its name, attributes and what stands inside, in order."""

    tag: str
    attrs: dict[str, str]
    parent: Element | None = None
    inside: list[Element | str] = field(default_factory=list)

    def every(self, *tags: str) -> list[Element]:
        """All pieces inside of these kinds, in reading order."""
        found = []
        for piece in self.inside:
            if isinstance(piece, Element):
                if not tags or piece.tag in tags:
                    found.append(piece)
                found += piece.every(*tags)
        return found

    def within(self, tag: str) -> Element | None:
        """The nearest piece of this kind around it."""
        around = self.parent
        while around is not None and around.tag != tag:
            around = around.parent
        return around

    @property
    def text(self) -> str:
        """Its words; one line a paragraph."""
        lines = (" ".join(line.split()) for line in self._raw().split("\n"))
        return "\n".join(line for line in lines if line)

    def _raw(self) -> str:
        if self.tag in NOT_READ or "hidden" in self.attrs:
            return ""
        words = "".join(piece if isinstance(piece, str) else piece._raw() for piece in self.inside)
        words = self.attrs.get("aria-label", "") + words if self.tag == "svg" else words
        return f"\n{words}\n" if self.tag in BLOCKS else words


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Element("page", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.inside.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        around: Element | None = self.here
        while around is not None and around.tag != tag:
            around = around.parent
        if around is not None and around.parent is not None:
            self.here = around.parent

    def handle_data(self, data: str) -> None:
        self.here.inside.append(data if self.here.tag == "textarea" else re.sub(r"\s+", " ", data))


def read(html: str) -> Element:
    """A page from its source."""
    builder = _Builder()
    builder.feed(html)
    return builder.root


class Form:
    """A form as it lies before a person: what is filled in already, what can be chosen, which buttons it has."""

    def __init__(self, element: Element, page: Element) -> None:
        name = element.attrs.get("id")
        mine = [
            control
            for control in page.every("input", "select", "textarea", "button")
            if (name and control.attrs.get("form") == name)
            or ("form" not in control.attrs and control.within("form") is element)
        ]
        self.element = element
        self.method = element.attrs.get("method", "get").lower()
        self.action = element.attrs.get("action", "")
        self.controls = [control for control in mine if "disabled" not in control.attrs]

    @property
    def buttons(self) -> list[Element]:
        return [
            control
            for control in self.controls
            if (control.tag == "button" and control.attrs.get("type", "submit") == "submit")
            or (control.tag == "input" and control.attrs.get("type") == "submit")
        ]

    def filled(self) -> list[tuple[str, str]]:
        """The pairs that sending it unchanged would send, without any button's."""
        pairs = []
        for control in self.controls:
            if name := control.attrs.get("name"):
                pairs += [(name, value) for value in values_of(control)]
        return pairs

    def names(self) -> set[str]:
        return {control.attrs["name"] for control in self.controls if control.attrs.get("name")}

    def choices(self, name: str) -> list[tuple[str, str]]:
        """What can be chosen under a name: (value, words beside it)."""
        found = []
        for control in self.controls:
            if control.attrs.get("name") == name:
                if control.tag == "select":
                    found += [(one.attrs.get("value", one.text), one.text) for one in control.every("option")]
                elif control.attrs.get("type") in ("radio", "checkbox"):
                    label = control.within("label")
                    found.append((control.attrs.get("value", "on"), label.text if label else ""))
        return found


def values_of(control: Element) -> list[str]:
    """What a control would send as it stands; nothing for a button or a file."""
    if control.tag == "button":
        return []
    if control.tag == "textarea":
        return ["".join(str(piece) for piece in control.inside).removeprefix("\n")]
    if control.tag == "select":
        options = control.every("option")
        chosen = [one for one in options if "selected" in one.attrs]
        if not chosen and "multiple" not in control.attrs:
            chosen = options[:1]
        return [one.attrs.get("value", one.text) for one in chosen]
    kind = control.attrs.get("type", "text")
    if kind in ("radio", "checkbox"):
        return [control.attrs.get("value", "on")] if "checked" in control.attrs else []
    return [] if kind in ("submit", "button", "file", "image", "reset") else [control.attrs.get("value", "")]
