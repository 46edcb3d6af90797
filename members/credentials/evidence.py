"""What shows that somebody has a certificate: it waits until another person has looked at it."""

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.states import Stateful, all_or_nothing, transition
from coop.typed.fields import WrittenLine, WrittenText
from coop.web.images import clean
from members.credentials.credential_types import CredentialType
from members.credentials.credentials import Credential
from members.notices.notices import Notice
from members.offices.roles import Role
from members.people.members import Member
from members.people.users import User
from members.policies import EVIDENCE_DAYS

STAND_INS = ("board", "coordinator", "treasurer")
"""Who checks where nobody else holds the membership office."""


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def waiting(self) -> "EvidenceQuerySet":
        """What nobody has checked yet of those who are here, the oldest first."""
        here = Member.objects.here()
        return self.filter(state=Evidence.State.WAITING, member__in=here).order_by("sent_at", "pk")

    def over(self) -> "EvidenceQuerySet":
        """What was decided, the latest first."""
        return self.exclude(decided_at=None).order_by("-decided_at", "-pk")

    def visible_to(self, user: User) -> "EvidenceQuerySet":
        """One's own; all of them for the membership office; and what one checks because nobody else of it can."""
        if "membership" in user.roles:
            return self
        own = Q(member__user=user)
        if user.roles.isdisjoint(STAND_INS):
            return self.filter(own)
        left_alone = Q(state=Evidence.State.WAITING)
        for one in Role.objects.holders(timezone.now(), "membership"):
            left_alone &= Q(member__user=one) | Q(written_by__user=one)
        return self.filter(own | left_alone)

    def to_strip(self, at: datetime) -> "EvidenceQuerySet":
        """Those whose picture has served, and was kept long enough."""
        kept = timedelta(days=EVIDENCE_DAYS.on(timezone.localdate(at)))
        return self.filter(decided_at__lte=at - kept, picture__isnull=False).order_by("pk")

    def light(self) -> "EvidenceQuerySet":
        """Without pictures, with all that a list reads."""
        return self.defer("picture").select_related("type", "member__user", "checked_by__user", "written_by__user")


class Evidence(Stateful):
    """A certificate that a member shows, or the office writes down; it counts once another person has checked it.

    `picture` is made anew without its metadata, read by whoever checks and the member, and deleted
    `members.evidence_days` after it was decided.
    """

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("waits to be checked")
        VALID = "valid", gettext_lazy("checked")
        REFUSED = "refused", gettext_lazy("not accepted")
        WITHDRAWN = "withdrawn", gettext_lazy("taken back")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="evidence")
    type = models.ForeignKey(CredentialType, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    number = WrittenLine(max_length=40, blank=True)
    issued_on = models.DateField()
    expires_on = models.DateField(null=True)
    picture = models.BinaryField(null=True)
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    checked_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = WrittenText(max_length=1000, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("certificate to check")
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~(Q(checked_by=F("member")) | Q(checked_by=F("written_by"))),
                name="whoever_checks_a_certificate_is_another_person",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", checked_by=None, decided_at=None)
                | Q(state="withdrawn", checked_by=None, decided_at__isnull=False)
                | Q(state__in=["valid", "refused"], checked_by__isnull=False, decided_at__isnull=False),
                name="a_certificate_counts_once_somebody_checked_it",
            ),
            models.CheckConstraint(condition=~Q(state="refused", words=""), name="a_no_to_a_certificate_has_words"),
            models.UniqueConstraint(
                fields=["member", "type"], condition=Q(state="waiting"), name="a_certificate_waits_once"
            ),
        ]
        indexes = [models.Index(fields=["sent_at"], condition=Q(state="waiting"), name="certificates_that_wait")]

    def __str__(self) -> str:
        return str(self.type)

    def get_absolute_url(self) -> str:
        return reverse("evidence", args=[self.pk])

    @property
    def waits(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def gone_on(self) -> date | None:
        """The day on which its picture is deleted, once it is decided."""
        if self.decided_at is None:
            return None
        today = timezone.localdate()
        return timezone.localdate(self.decided_at) + timedelta(days=EVIDENCE_DAYS.on(today))

    def is_about(self, user: User) -> bool:
        """Theirs, or written down by them: somebody else checks it."""
        return user.pk in (self.member.user_id, self.written_by.user_id)

    def checkers(self, at: datetime) -> list[User]:
        """Who can check it: the membership office, else the other offices; never its member or whoever wrote it."""
        for offices in (("membership",), STAND_INS):
            if found := [one for one in Role.objects.holders(at, *offices) if not self.is_about(one)]:
                return found
        return []

    @classmethod
    def show(
        cls,
        member: Member,
        *,
        type: CredentialType,
        number: str,
        issued_on: date,
        expires_on: date | None,
        photo: bytes | None,
        at: datetime,
        by: User,
    ) -> "Evidence":
        """Let it wait for another person; `by` is the member, or somebody of the office who writes it down for them.

        Without `expires_on` it ends when its kind says. Refused while one of the kind waits, and when it has ended.
        """
        picture = clean(photo)[0] if photo else None
        if type.needs_evidence and picture is None:
            raise Refusal(_("For this certificate, a photo of it is needed."), field="photo")
        last = type.last_day(issued_on)
        ends = min(filter(None, (expires_on, last)), default=None)
        cls._fits(issued_on, ends, today=timezone.localdate(at))
        assert by.membership
        made = cls(member=member, type=type, number=number, issued_on=issued_on, expires_on=ends, picture=picture)
        made.written_by, made.sent_at = by.membership, at
        with all_or_nothing(made):
            Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
            if cls.objects.filter(member=member, type=type, state=cls.State.WAITING).exists():
                raise Refusal(_("One of this kind waits to be checked already."), field="type")
            made.save()
            made.record_event("show", at=at, by=by)
            made._tell_of_it(at=at, by=by)
        return made

    @staticmethod
    def _fits(issued_on: date, ends: date | None, *, today: date) -> None:
        if issued_on > today:
            raise Refusal(_("The day on which it was issued lies ahead."), field="issued_on")
        if ends and ends <= issued_on:
            raise Refusal(_("It has to end after the day on which it was issued."), field="expires_on")
        if ends and ends <= today:
            raise Refusal(_("By these days it has ended already."), field="expires_on")

    @transition(State.WAITING, to=State.VALID)
    def accept(self, *, at: datetime, by: User) -> None:
        """Say that it is right: from now on its member is asked for work that needs it, until it ends."""
        self._decide(at=at, by=by)
        if self.expires_on and self.expires_on <= timezone.localdate(at):
            raise Refusal(_("It has ended meanwhile. Please do not accept it, and ask for a newer one."))
        facts = {"number": self.number, "issued_on": self.issued_on, "expires_on": self.expires_on}
        Credential.objects.create(member=self.member, kind=self.type.code, verified_by=self.checked_by, **facts)
        self._post("evidence_accepted", to=self.member.user, at=at)

    @transition(State.WAITING, to=State.REFUSED)
    def refuse(self, words: str, *, at: datetime, by: User) -> None:
        """Say no, with why and what would do."""
        self._decide(at=at, by=by)
        self.words = words
        self._post("evidence_refused", to=self.member.user, at=at)

    @transition(State.WAITING, to=State.WITHDRAWN)
    def withdraw(self, *, at: datetime, by: User) -> None:
        """Take it back before it was checked; its picture goes at once."""
        self.decided_at, self.picture = at, None

    def strip(self) -> None:
        """Delete the picture, which has served."""
        Evidence.objects.filter(pk=self.pk).update(picture=None)

    def _decide(self, *, at: datetime, by: User) -> None:
        if self.is_about(by):
            raise Refusal(_("Another person has to check this."))
        self.checked_by, self.decided_at = by.membership, at

    def _tell_of_it(self, *, at: datetime, by: User) -> None:
        for person in self.checkers(at):
            self._post("evidence_waits", to=person, at=at)
        if self.member.user_id != by.pk:
            self._post("evidence_written", to=self.member.user, at=at)

    def _post(self, mail: str, *, to: User, at: datetime) -> None:
        Notice.post(f"{mail}:{self.pk}:{to.pk}", to=to, mail=mail, at=at, about={"evidence": self})
