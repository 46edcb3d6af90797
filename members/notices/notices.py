"""What people are told: a row a message and way, so that none is lost and none is sent twice."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from coop.contact import ContactFacts, coop_name
from coop.jobs import enqueue
from coop.sending import mail
from coop.sending.delivery import Away, Later, NotDelivered, Undeliverable, pause_after
from coop.typed.text import isolate, one_line
from members.notices import by_phone, notice_timing, sms
from members.notices.contact_preferences import Reach, Way
from members.notices.push_addresses import PushAddress
from members.people.users import User

AUTOMATIC = {"Auto-Submitted": "auto-generated"}
"""Says to other programs that no person waits for an answer (RFC 3834)."""
LEASE = timedelta(minutes=5)
LONG = timedelta(minutes=30)
"""So long we wait for a carrier of messages to phones that is away, before an e-mail goes instead."""
NO_BROWSER = gettext_noop("There is no browser any more.")
NO_NUMBER = gettext_noop("There is no number any more.")
OFTEN = gettext_noop("It was tried several times.")
MOST_TRIES = 8


class NoticeQuerySet(models.QuerySet["Notice"]):
    def due(self, at: datetime) -> "NoticeQuerySet":
        """What should have been sent by now and was not; who has no address is called instead."""
        return self.unsent(at).exclude(user__email="", user__claimed_email="", way=Way.MAIL)

    def unsent(self, at: datetime) -> "NoticeQuerySet":
        """The same by this row alone: with no other table in it, an update looks at a changed row once more."""
        return self.exclude(way=Way.DIGEST).filter(sent_at__isnull=True, tries__lt=MOST_TRIES, due_at__lte=at)

    def to_gather(self, at: datetime) -> "NoticeQuerySet":
        """What waits for the daily e-mail of people whose hour has come."""
        return self.filter(way=Way.DIGEST, sent_at__isnull=True, due_at__lte=at)

    def failed(self) -> "NoticeQuerySet":
        """What was tried often enough and did not arrive."""
        return self.filter(sent_at__isnull=True, tries__gte=MOST_TRIES)

    def told_of(self) -> "NoticeQuerySet":
        """All but those of which even that somebody got one tells too much."""
        return self.exclude(mail__in=by_phone.untold())

    def to_call(self, at: datetime) -> "NoticeQuerySet":
        """What people without an address should have been told by now."""
        waiting = self.filter(sent_at__isnull=True, due_at__lte=at, way=Way.MAIL)
        return waiting.filter(user__email="", user__claimed_email="", user__is_active=True)


class Notice(models.Model):
    """One message to one person by one way. `key` is unique, so telling twice is telling once.

    The first way has the plain key, a second one `<key>#<way>`. Never holds a getting-in note, an address, a health
    note or a ballot: the text says where to look instead. (The calendar entry of a household has the place of its own
    home, for that is what it is for.)
    """

    key = models.CharField(max_length=120, unique=True)
    mail = models.CharField(max_length=40, blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    way = models.CharField(max_length=10, choices=Way.choices, default=Way.MAIL)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    calendar = models.TextField(blank=True)
    due_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    called_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.TextField(blank=True)
    reference = models.CharField(max_length=64, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        constraints = [
            models.CheckConstraint(condition=~models.Q(subject__regex=r"[\x01-\x1f]"), name="a_subject_is_one_line")
        ]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(sent_at__isnull=True), name="notices_to_send")]

    def __str__(self) -> str:
        return self.subject

    @classmethod
    def post(cls, key: str, *, to: User, mail: str, at: datetime, about: dict[str, Any], calendar: str = "") -> None:
        """Tell `to` once, in their language, from `templates/mail/<mail>.txt`, whose first line is the subject.

        By the ways they chose (`Reach`); what can wait is not sent at night (`members.notices.notice_timing`).
        """
        reach = Reach.of(to)
        ways = reach.ways(notice_timing.kind_of(mail))
        texts = _texts(mail, ways, to=to, about=about)
        due_at = notice_timing.due(mail, to=to, at=at, about=about)
        with transaction.atomic():
            for way, (subject, body) in texts.items():
                facts = {"mail": mail, "user": to, "way": way, "subject": subject, "body": body, "due_at": due_at}
                facts["calendar"] = calendar if way == Way.MAIL else ""
                if way == Way.DIGEST:
                    facts["due_at"] = notice_timing.next_hour(at, notice_timing.zone_of(to), hour=reach.digest_hour)
                first = way == ways[0]
                notice, is_new = cls.objects.get_or_create(key=key if first else f"{key}#{way}", defaults=facts)
                if is_new:
                    enqueue("members.send_notice", notice.pk)
                elif first:
                    return

    def send(self, *, at: datetime) -> None:
        """Send this notice unless it was sent or is being sent. Raises Away: then it waits, and no try is counted."""
        unsent = Notice.objects.unsent(at).filter(pk=self.pk)
        claim = {"due_at": at + LEASE, "tries": models.F("tries") + 1, "tried_at": Coalesce("tried_at", at)}
        if self._is_to_call or not unsent.update(**claim):
            return
        self.refresh_from_db(fields=["tries", "tried_at"])
        try:
            reference = self._carry(at)
        except Undeliverable as trouble:
            self._give_up(trouble, at=at)
        except Away as trouble:
            self._unsent().update(trouble=str(trouble), tries=self.tries - 1)
            raise
        except (Later, OSError) as trouble:
            self._unsent().update(trouble=str(trouble), due_at=at + pause_after(self.tries))
            if self.tries >= MOST_TRIES:
                self._give_up(Undeliverable(OFTEN), at=at)
        else:
            Notice.objects.filter(pk=self.pk).update(sent_at=at, trouble="", reference=reference)

    @classmethod
    def gather(cls, user: User, *, at: datetime) -> None:
        """Put what waits for somebody's daily e-mail into one."""
        with transaction.atomic():
            rows = cls.objects.to_gather(at).filter(user=user).select_for_update().order_by("due_at", "pk")
            if found := list(rows):
                about = {"notices": found}
                cls.post(f"digest:{user.pk}:{found[0].pk}", to=user, mail="digest", at=at, about=about)
                cls.objects.filter(pk__in=[one.pk for one in found]).update(sent_at=at)

    @property
    def is_read_out(self) -> bool:
        """May whoever calls this person read it to them, or is it for them alone?"""
        return self.mail in by_phone.readable()

    @property
    def link(self) -> str:
        """The first address of ours in the text, or nothing."""
        return next((word for word in self.body.split() if word.startswith(settings.BASE_URL)), "")

    def try_again(self, *, at: datetime) -> None:
        """Begin anew with what did not arrive."""
        if Notice.objects.failed().filter(pk=self.pk).update(tries=0, due_at=at):
            enqueue("members.send_notice", self.pk)

    def go_by_mail(self, *, at: datetime) -> None:
        """Whoever carries messages to phones has been away for long: an e-mail goes instead."""
        self._give_up(Undeliverable(OFTEN), at=at)

    def _unsent(self) -> NoticeQuerySet:
        return Notice.objects.filter(pk=self.pk, sent_at__isnull=True)

    @property
    def _is_to_call(self) -> bool:
        return self.way == Way.MAIL and not self.user.address

    def _carry(self, at: datetime) -> str:
        """Send it by its way, and give the name that whoever carries it has for it."""
        if self.way == Way.PUSH:
            return self._send_push(at)
        return self._send_sms(at) if self.way == Way.SMS else self._send_mail()

    def _send_push(self, at: datetime) -> str:
        takes = Reach.of(self.user).takes_push
        if not takes or not PushAddress.notify(self.user, title=self.subject, link=self.link, at=at):
            raise Undeliverable(NO_BROWSER)
        return ""

    def _send_mail(self) -> str:
        headers = AUTOMATIC | Reach.way_out(self.user, key=self.key)
        body = self.body + signature(self.user.language)
        message = EmailMessage(self.subject, body, mail.sender(), to=[self.user.address], headers=headers)
        if self.calendar:
            message.attach("visit.ics", self.calendar, "text/calendar")
        with mail.in_our_words():
            message.send()
        return ""

    def _send_sms(self, at: datetime) -> str:
        """Before a second try we look whether the first was heard after all: twice is worse than late."""
        carrier, reach = sms.carrier(), Reach.of(self.user)
        if carrier is None or not reach.takes_sms:
            raise Undeliverable(NO_NUMBER)
        number = str(reach.phone)
        if self.tried_at and self.tried_at < at and (found := carrier.find(number, self.body, since=self.tried_at)):
            return found
        return carrier.send(number, self.body)

    def _give_up(self, trouble: NotDelivered, *, at: datetime) -> None:
        """It does not arrive this way: an e-mail goes instead, unless one does already."""
        if isinstance(trouble, sms.Refused) and trouble.stopped:
            Reach.stop(self.user, at=at)
        key = self.key.partition("#")[0]
        mailed = Notice.objects.filter(key__in=[key, f"{key}#{Way.MAIL}"], way=Way.MAIL).exists()
        other = {"way": Way.MAIL, "tries": 0, "due_at": at} if self.way != Way.MAIL and not mailed else {}
        Notice.objects.filter(pk=self.pk).update(**{"trouble": str(trouble), "tries": MOST_TRIES, **other})

    def call(self, *, at: datetime, by: User) -> None:
        """Somebody of the office told them by phone; the first to say so counts."""
        if Notice.objects.to_call(at).filter(pk=self.pk).exists():
            Notice.objects.filter(pk=self.pk, sent_at__isnull=True).update(sent_at=at, called_by=by)


def signature(language: str) -> str:
    """How to reach the co-op, below a mail; nothing while nobody has said how."""
    with translation.override(language):
        return "".join(f"\n{line}" for line in ContactFacts.known().lines())


def _texts(mail: str, ways: list[str], *, to: User, about: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Subject and body by way, in their language."""
    facts = {
        "to": to,
        "site": settings.BASE_URL,
        "coop_name": SimpleLazyObject(coop_name),
        "coop_contact": SimpleLazyObject(ContactFacts.known),
        **about,
    }
    with translation.override(to.language):
        subject, _blank, body = render_to_string(f"mail/{mail}.txt", facts).strip().partition("\n")
        subject, body = one_line(subject)[:200], body.strip()
        apart = isolate(subject)[:200], isolate(body)
        short = (subject, _short(mail, subject, body, facts)) if Way.SMS in ways else apart
        return {way: short if way == Way.SMS else apart for way in ways}


def _short(mail: str, subject: str, body: str, facts: dict[str, Any]) -> str:
    """The text for a phone: `templates/sms/<mail>.txt`, else the subject and where to look."""
    try:
        words = sms.plain(render_to_string(f"sms/{mail}.txt", facts))
    except TemplateDoesNotExist:
        words = sms.plain(subject)
    site = str(facts["site"])
    link = "" if site in words else next((line for line in body.split() if line.startswith(site)), "")
    return sms.fit(words, link) if link else words
