"""What people are told: a row a message, so that none is lost and none is sent twice."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from coop.jobs import ring
from members import telling
from members.models.people import User

LEASE = timedelta(minutes=5)
MOST_TRIES = 8


class NoticeQuerySet(models.QuerySet["Notice"]):
    def due(self, at: datetime) -> "NoticeQuerySet":
        """What should have been sent by now and was not; who has no address is called instead."""
        return self.unsent(at).exclude(user__email="")

    def unsent(self, at: datetime) -> "NoticeQuerySet":
        """The same by this row alone: with no other table in it, an update looks at a changed row once more."""
        return self.filter(sent_at__isnull=True, tries__lt=MOST_TRIES, due_at__lte=at)

    def to_call(self, at: datetime) -> "NoticeQuerySet":
        """What people without an address should have been told by now."""
        return self.filter(sent_at__isnull=True, due_at__lte=at, user__email="", user__is_active=True)


class Notice(models.Model):
    """One message to one person. `key` is unique, so telling twice is telling once.

    Never holds a getting-in note, an address, a health note or a ballot: the text says where to look instead.
    """

    key = models.CharField(max_length=120, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    calendar = models.TextField(blank=True)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    called_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.TextField(blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        indexes = [models.Index(fields=["due_at"], condition=models.Q(sent_at__isnull=True), name="notices_to_send")]

    def __str__(self) -> str:
        return self.subject

    @classmethod
    def post(cls, key: str, *, to: User, mail: str, at: datetime, about: dict[str, Any], calendar: str = "") -> None:
        """Tell `to` once, in their language, from `templates/mail/<mail>.txt`, whose first line is the subject.

        What can wait is not sent at night (`members.telling`).
        """
        from members.tasks import send_notice

        with translation.override(to.language):
            text = render_to_string(
                f"mail/{mail}.txt", {"to": to, "site": settings.BASE_URL, "coop_name": settings.COOP_NAME, **about}
            )
        subject, _blank, body = text.strip().partition("\n")
        notice, is_new = cls.objects.get_or_create(
            key=key,
            defaults={
                "user": to,
                "subject": subject.strip()[:200],
                "body": body.strip(),
                "calendar": calendar,
                "due_at": telling.due(mail, to=to, at=at, about=about),
            },
        )
        if is_new:
            ring(send_notice, notice.pk)

    def send(self, *, at: datetime) -> None:
        """Send this notice unless it was sent or is being sent; a failure is kept and tried again later."""
        unsent = Notice.objects.unsent(at).filter(pk=self.pk)
        if not self.user.email or not unsent.update(due_at=at + LEASE, tries=models.F("tries") + 1):
            return
        mail = EmailMessage(self.subject, self.body, to=[self.user.email])
        if self.calendar:
            mail.attach("visit.ics", self.calendar, "text/calendar")
        try:
            mail.send()
        except OSError as trouble:
            Notice.objects.filter(pk=self.pk).update(trouble=str(trouble))
        else:
            Notice.objects.filter(pk=self.pk).update(sent_at=at, trouble="")

    def call(self, *, at: datetime, by: User) -> None:
        """Somebody of the office told them by phone; the first to say so counts."""
        if Notice.objects.to_call(at).filter(pk=self.pk).exists():
            Notice.objects.filter(pk=self.pk, sent_at__isnull=True).update(sent_at=at, called_by=by)
