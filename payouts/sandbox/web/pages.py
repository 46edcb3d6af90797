"""The hosted pages as HTML: no script, one stylesheet, words in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from payouts.sandbox.errors import Obj
from payouts.sandbox.objects.cards import CARDS, Card
from payouts.sandbox.web.http import Reply, origin_of
from payouts.sandbox.web.words import OUTCOMES, say

FRAME = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} · {notice}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><strong>{brand}</strong><span class="notice">{notice}</span></header>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""


@dataclass(frozen=True)
class Page:
    """One page in one language. `leads_to`: addresses that its forms may end at."""

    language: str
    leads_to: tuple[str, ...] = ()

    def say(self, english: str) -> str:
        return escape(say(self.language, english))

    def reply(self, title: str, content: str, *, status: int = 200) -> Reply:
        notice, brand = self.say("Test checkout: no real money"), self.say("Test checkout")
        text = FRAME.format(language=self.language, title=self.say(title), notice=notice, brand=brand, content=content)
        return Reply(status, text.encode(), self._headers())

    def checkout(self, session: Obj, *, problem: str = "") -> Reply:
        """The choice of a test card; after a refusal with the sentence that says why."""
        paying = session["mode"] == "payment"
        choices = "\n".join(self._choice(card, first=n == 0) for n, card in enumerate(CARDS))
        content = f"""{self._problem(problem)}{self._amount(session) if paying else ""}
<p>{self.say("These cards are made up. Each one shows what can happen with a real one.")}</p>
<form class="card" method="post">
<fieldset><legend>{self.say("Choose a test card")}</legend>
{choices}
</fieldset>
<button>{self.say("Pay" if paying else "Save card")}</button>
</form>
{self._way_back(session["cancel_url"])}"""
        return self.reply("Pay" if paying else "Save a card", content, status=402 if problem else 200)

    def proof(self, *, card: str = "") -> Reply:
        """The bank's question to the holder; `card` is carried along where a choice was made just before."""
        carried = f'<input type="hidden" name="card" value="{escape(card)}">' if card else ""
        content = f"""<form class="card" method="post">
<p>{self.say("Your bank asks you to confirm this card.")}</p>{carried}
<button name="proof" value="yes">{self.say("Yes, it is me")}</button>
<button name="proof" value="no" class="quiet">{self.say("No, stop this")}</button>
</form>"""
        return self.reply("Is this you?", content)

    def onboarding(self) -> Reply:
        asked = "Stripe would ask here for your name, birthday and bank account. Nothing is asked on this test page."
        content = f"""<form class="card" method="post">
<p>{self.say(asked)}</p>
<button name="outcome" value="complete">{self.say("Complete")}</button>
<button name="outcome" value="unfinished" class="quiet">{self.say("Leave it unfinished")}</button>
</form>"""
        return self.reply("Set up your payments", content)

    def dashboard(self, *, available: int, pending: int) -> Reply:
        content = f"""<div class="card"><dl>
<dt>{self.say("Available now")}</dt><dd>{dollars(available)}</dd>
<dt>{self.say("On its way")}</dt><dd>{dollars(pending)}</dd>
</dl></div>"""
        return self.reply("Your test account", content)

    def closed(self) -> Reply:
        text = f"<p>{self.say('It was used already, or its time has run out.')}</p>"
        return self.reply("This page is closed", text, status=410)

    def missing(self) -> Reply:
        return self.reply("Nothing is here", f"<p>{self.say('This address does not lead to a page.')}</p>", status=404)

    def trouble(self, sentence: str, *, status: int) -> Reply:
        return self.reply("Something went wrong", f"<p>{self.say(sentence)}</p>", status=status)

    def _choice(self, card: Card, *, first: bool) -> str:
        checked = " checked" if first else ""
        return (
            f'<label class="choice"><input type="radio" name="card" value="{card.name}"{checked} required>'
            f"<span>{self.say(OUTCOMES[card.name])}<small>{_spaced(card.number)}</small></span></label>"
        )

    def _problem(self, problem: str) -> str:
        if not problem:
            return ""
        again = self.say("You can choose another card and try again.")
        return f'<p class="problem" role="alert">{self.say(problem)} {again}</p>\n'

    def _amount(self, session: Obj) -> str:
        return f'<p class="amount">{dollars(session["amount_total"])}</p>\n'

    def _way_back(self, url: str | None) -> str:
        return f'<p><a href="{escape(url)}">{self.say("cancel and go back")}</a></p>' if url else ""

    def _headers(self) -> dict[str, str]:
        ends = " ".join(["'self'", *sorted({origin_of(url) for url in self.leads_to})])
        return {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Language": self.language,
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'self'; form-action {ends}; base-uri 'none'; frame-ancestors 'none'"
            ),
        }


def dollars(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02}"


def _spaced(number: str) -> str:
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
