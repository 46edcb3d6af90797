"""What the co-op leans on outside (mail, text messages, Stripe): each is asked by a press, and what it said is kept.

Each room says what it leans on; the page of what is still missing shows it, and `manage.py doctor` asks all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coop.errors import Refusal
from coop.policies import Text

if TYPE_CHECKING:
    from members.models import User

PAUSE = timedelta(seconds=30)
"""Between two questions to the same one."""


@dataclass(frozen=True)
class Answer:
    """What the other side said: `code` names a sentence of its trial, `detail` goes into it (`at` is a moment)."""

    code: str
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trial:
    """Something that is asked whether it works. `ask` takes whoever pressed, or nobody; it may take some seconds.

    `words` are the sentences by code; with a code in `good` it works, with one in `idle` nothing is wrong either.
    """

    key: str
    label: Text
    ask: Callable[["User | None"], Answer]
    words: Mapping[str, Text]
    good: frozenset[str] = frozenset()
    idle: frozenset[str] = frozenset()

    def run(self, *, at: datetime, by: "User | None") -> "Finding":
        """Ask, and keep the answer. Refused while it was asked a moment ago, by whomever."""
        if not Finding.claim(self.key, at=at):
            raise Refusal(_("This was asked a moment ago. Please look at its answer, or ask again in a minute."))
        answer = self.ask(by)
        return Finding.note(self.key, answer, at=at)

    @property
    def is_well(self) -> bool:
        """Did it say nothing bad when it was asked last? One that was never asked has said nothing bad. One query."""
        found = Finding.objects.filter(key=self.key).first()
        return found is None or not found.is_bad


_trials: dict[str, Trial] = {}


def register(*trials: Trial) -> None:
    """Let these be asked, in this order. Twice is once."""
    _trials.update({trial.key: trial for trial in trials})


def trials() -> list[Trial]:
    return list(_trials.values())


def find(key: str) -> Trial | None:
    return _trials.get(key)


class Finding(models.Model):
    """What was said when something was asked last, or last asked us. `code` is empty while the answer is awaited."""

    key = models.CharField(max_length=40, primary_key=True)
    asked_at = models.DateTimeField()
    at = models.DateTimeField(null=True)
    code = models.CharField(max_length=20, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.words}"

    @classmethod
    def claim(cls, key: str, *, at: datetime) -> bool:
        """May it be asked now? Of several at once one may."""
        if cls.objects.filter(key=key, asked_at__lte=at - PAUSE).update(asked_at=at):
            return True
        return cls.objects.get_or_create(key=key, defaults={"asked_at": at})[1]

    @classmethod
    def note(cls, key: str, answer: Answer, *, at: datetime) -> "Finding":
        """Keep what was said."""
        facts = {"at": at, "code": answer.code, "detail": dict(answer.detail)}
        return cls.objects.update_or_create(key=key, defaults=facts, create_defaults=facts | {"asked_at": at})[0]

    @classmethod
    def note_seldom(cls, key: str, *, at: datetime) -> None:
        """Keep that it happened, at most once in a pause: whoever knocks often writes no oftener."""
        if cls.claim(key, at=at):
            cls.note(key, Answer("happened"), at=at)

    @property
    def trial(self) -> Trial | None:
        return _trials.get(self.key)

    @property
    def is_bad(self) -> bool:
        return self.kind == "bad"

    @property
    def kind(self) -> str:
        """As its chip is coloured: good, bad, or nothing where nothing is wrong and nothing runs."""
        trial = self.trial
        if trial is None or not self.code or self.code in trial.idle:
            return ""
        return "good" if self.code in trial.good else "bad"

    @property
    def words(self) -> str:
        """What was said, as people read it."""
        sentence = self.trial.words.get(self.code, "") if self.trial else ""
        return str(sentence) % {name: _readable(name, value) for name, value in self.detail.items()}


def _readable(name: str, value: Any) -> str:
    moment = parse_datetime(str(value)) if name == "at" else None
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT") if moment else str(value)
