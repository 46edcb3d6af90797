"""Who must never be sent where, and the triggers that hold it on every path."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import pgtrigger
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from bookings.households.claims import HouseholdsOf
from bookings.households.clients import Client
from bookings.states import ShiftState
from members.models import Member, User

if TYPE_CHECKING:
    from bookings.visits.shifts.shifts import Shift

FITS_THE_HOME = """
IF NEW.member_id IS NULL OR NEW.visit_id IS NULL OR NEW.state NOT IN ('offered', 'accepted') THEN
  RETURN NEW;
END IF;
SELECT h.client_id, sv.credential, (NEW.starts_at AT TIME ZONE z.zone)::date INTO the_client, the_credential, the_day
FROM bookings_visit v
JOIN bookings_booking b ON b.id = v.booking_id
JOIN bookings_home h ON h.id = b.home_id
JOIN bookings_service sv ON sv.id = b.service_id
JOIN coop_zipcode z ON z.code = h.zip_id
WHERE v.id = NEW.visit_id;
the_households := bookings_households_of(the_client);
FOREACH the_client IN ARRAY the_households LOOP
  PERFORM pg_advisory_xact_lock(the_client::int, NEW.member_id::int);
END LOOP;
IF EXISTS (SELECT FROM bookings_donotsend d
           WHERE d.client_id = ANY (the_households) AND d.member_id = NEW.member_id AND d.lifted_at IS NULL) THEN
  RAISE EXCEPTION 'nobody_is_sent_where_they_must_not_go' USING ERRCODE = 'check_violation';
END IF;
IF the_credential <> '' AND NOT EXISTS (
    SELECT FROM members_credential c
    WHERE c.member_id = NEW.member_id AND c.kind = the_credential
      AND c.issued_on <= the_day AND (c.expires_on IS NULL OR c.expires_on > the_day)) THEN
  RAISE EXCEPTION 'a_shift_needs_a_valid_credential' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""

FREES_THE_SHIFTS = """
PERFORM pg_advisory_xact_lock(NEW.client_id::int, NEW.member_id::int);
IF NEW.lifted_at IS NULL AND EXISTS (
    SELECT FROM bookings_shift s
    JOIN bookings_visit v ON v.id = s.visit_id
    JOIN bookings_booking b ON b.id = v.booking_id
    JOIN bookings_home h ON h.id = b.home_id
    WHERE s.member_id = NEW.member_id AND s.state IN ('offered', 'accepted') AND s.starts_at > NEW.placed_at
      AND NEW.client_id = ANY (bookings_households_of(h.client_id))) THEN
  RAISE EXCEPTION 'a_do_not_send_frees_the_shifts_to_come' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class DoNotSendQuerySet(models.QuerySet["DoNotSend"]):
    def standing(self) -> "DoNotSendQuerySet":
        """Those that nobody has lifted."""
        return self.filter(lifted_at__isnull=True)

    def asked_by(self, user: User) -> "DoNotSendQuerySet":
        """Those that this person's household asked for."""
        return self.filter(client__in=Client.objects.of(user), placer=DoNotSend.Placer.CLIENT)

    def of_household(self, client: Client) -> "DoNotSendQuerySet":
        """Those that a household asked for."""
        return self.filter(client=client, placer=DoNotSend.Placer.CLIENT)

    def refused_by(self, user: User) -> "DoNotSendQuerySet":
        """The homes to which this person, as a member, does not go."""
        return self.filter(member__user=user, placer=DoNotSend.Placer.MEMBER)


class DoNotSend(models.Model):
    """This member is not sent to this client's homes again, until whoever asked for it lifts it.

    Neither side is told, no count is ever shown, and no path may send the person there all the same: triggers on
    both tables look under a lock on the pair.
    """

    class Reason(models.TextChoices):
        QUALITY = "quality", _("The work was not done well")
        CONDUCT = "conduct", _("How the person behaved")
        SCHEDULE = "schedule", _("Being late or not coming")
        LANGUAGE = "language", _("We could not understand each other")
        OTHER = "other", _("Another reason")

    class Placer(models.TextChoices):
        CLIENT = "client", _("client")
        MEMBER = "member", _("member")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    placer = models.CharField(max_length=10, choices=Placer.choices)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    objects = DoNotSendQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "member", "placer"],
                condition=models.Q(lifted_at__isnull=True),
                name="one_standing_do_not_send_a_side",
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=["quality", "conduct", "schedule", "language", "other"]),
                name="a_do_not_send_is_never_about_who_somebody_is",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_do_not_send_frees_the_shifts_to_come",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=FREES_THE_SHIFTS,
            ),
            pgtrigger.Protect(name="a_do_not_send_is_lifted_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def place(cls, *, client: Client, member: Member, placer: str, reason: str, at: datetime, by: User) -> "DoNotSend":
        """Ask that `member` is not sent to this client again, and free what was planned, in one transaction.

        Asking twice is asking once. The freed shifts go on to whoever's turn is next. A household that wished for
        this person does so no more; what it wished stays when it is the member who refuses, who is not to be guessed.
        """
        from bookings.households.send_again import SendAgain

        with transaction.atomic():
            for shift in cls._lock_the_pair(client, member, at):
                shift.free(at=at)
            placed, _is_new = cls.objects.get_or_create(
                client=client,
                member=member,
                placer=placer,
                lifted_at=None,
                defaults={"reason": reason, "placed_at": at},
            )
            if placer == cls.Placer.CLIENT:
                SendAgain.withdraw(client=client, member=member, at=at)
        return placed

    @classmethod
    def _lock_the_pair(cls, client: Client, member: Member, at: datetime) -> Iterable["Shift"]:
        """The planned shifts of the pair, rows locked first and then the pair, as every other path does.

        A shift that came in between is seen after the lock; then all is let go and taken again.
        """
        while True:
            point = transaction.savepoint()
            shifts = _planned(client, member, at)
            for shift in shifts:
                shift.lock()
            lock_pair(client, member)
            if {shift.pk for shift in _planned(client, member, at)} == {shift.pk for shift in shifts}:
                transaction.savepoint_commit(point)
                return shifts
            transaction.savepoint_rollback(point)

    def lift(self, *, at: datetime) -> None:
        """Let the person be sent again; only the side that asked for it does this. Twice is once."""
        if DoNotSend.objects.standing().filter(pk=self.pk).update(lifted_at=at):
            self.lifted_at = at


def lock_pair(client: Client, member: Member) -> None:
    """Take the pair of a household and a member until this transaction ends; after all rows, before the account."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::int, %s::int)", [client.pk, member.pk])


def fits_the_home() -> pgtrigger.Trigger:
    """The trigger on shifts: nobody under a do-not-send, nobody without the credential of the day."""
    return pgtrigger.Trigger(
        name="nobody_is_sent_where_they_must_not_go",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("member_id", "visit_id", "state", "starts_at"),
        declare=[
            ("the_client", "bigint"),
            ("the_households", "bigint[]"),
            ("the_credential", "text"),
            ("the_day", "date"),
        ],
        func=FITS_THE_HOME,
    )


def _planned(client: Client, member: Member, at: datetime) -> list["Shift"]:
    planned = member.shifts.filter(starts_at__gt=at, state__in=[ShiftState.OFFERED, ShiftState.ACCEPTED])
    theirs = planned.annotate(households=HouseholdsOf("visit__booking__home__client"))
    theirs = theirs.filter(households__contains=[client.pk])  # type: ignore[misc]
    return list(theirs.order_by("visit__booking", "visit", "pk"))
