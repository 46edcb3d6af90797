"""What hangs at the co-op's door: open for bookings, or closed with words for clients."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from coop.errors import Refusal
from coop.models import append_only
from coop.readiness.needs import lacking
from coop.typed.fields import WrittenText
from coop.typed.text import in_language
from members.founding.founders import lock_founding
from members.models import User


class DoorSign(models.Model):
    """From a moment on the co-op takes new bookings, or it does not and says why. The latest sign counts.

    What was booked before goes on whatever hangs there. Without any sign a co-op has not opened yet.
    """

    is_open = models.BooleanField()
    words_en = WrittenText(blank=True)
    words_es = WrittenText(blank=True)
    hung_at = models.DateTimeField()
    hung_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_open=True) | ~models.Q(words_en="") & ~models.Q(words_es=""),
                name="a_closed_door_has_words_in_both_languages",
            )
        ]
        triggers = append_only("what_hung_at_the_door_is_never_changed")

    def __str__(self) -> str:
        return "open" if self.is_open else self.words_en

    @property
    def words(self) -> str:
        """Why clients cannot book, in the language of the page; nothing while they can."""
        if self.is_open:
            return ""
        return in_language(self.words_en, self.words_es) or _("We are getting ready, and do not take bookings yet.")

    @classmethod
    def latest(cls) -> "DoorSign":
        """What hangs there now; one that says closed, and is not kept, while nobody has hung any. One query."""
        return cls.objects.order_by("-pk").first() or cls(is_open=False)

    @classmethod
    def check_open(cls) -> None:
        """Refuse a new booking while the door is closed, with the words that hang there."""
        if words := cls.latest().words:
            raise Refusal(words)

    @classmethod
    @transaction.atomic
    def hang(cls, *, is_open: bool, words_en: str = "", words_es: str = "", at: datetime, by: User) -> "DoorSign":
        """Open, or close with these words. Twice is once; refused to open while something is missing for it.

        Opening ends the founding, so nobody shares offices out or says yes to founding it at the same moment.
        """
        if is_open:
            lock_founding()
        before = cls.latest()
        if is_open and not before.is_open and (missing := lacking(to_open=True)):
            raise Refusal(_("Before that: %(lacks)s") % {"lacks": " ".join(str(need.lacks) for need in missing)})
        if before.pk and (before.is_open, before.words_en, before.words_es) == (is_open, words_en, words_es):
            return before
        return cls.objects.create(is_open=is_open, words_en=words_en, words_es=words_es, hung_at=at, hung_by=by)
