"""Who signs in."""

from copy import copy
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rules.permissions import has_perm

from coop.errors import Refusal
from coop.models import Event
from coop.typed.fields import StoredEmailField, WrittenLine, spelled_one_way
from coop.typed.text import Isolated, one_line
from members.people.members import Member


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str = "", **fields: Any) -> "User":
        """A person known by an e-mail address; they sign in by a code, so there is no password."""
        user = self.model(email=email, name=one_line(name), **fields)
        user.set_unusable_password()
        user.save()
        return user

    def meet(self, email: str, name: str, *, language: str) -> "User":
        """Whoever has this address, or somebody new; two at once find the same person.

        Whoever has no address is always somebody new.
        """
        if email and (known := self.filter(email=email).first()):
            return known
        try:
            with transaction.atomic():
                return self.create_user(email, name, language=language)
        except IntegrityError:
            return self.get(email=email)

    def claim(self, email: str, name: str, *, language: str, at: datetime) -> "User":
        """Somebody new who says that this is their address: they are written to there, and it opens nothing.

        Always somebody new, so that it cannot be told whether we know the address.
        """
        return self.create_user("", name, language=language, claimed_email=email, joined_at=at)

    def claiming(self, email: str) -> "models.QuerySet[User]":
        """Those who gave this address and have not shown that it is theirs, the latest first."""
        return self.filter(claimed_email=email, is_active=True).exclude(claimed_email="").order_by("-pk")


WITHOUT_KEY = frozenset({"mentor"})
"""The offices that act without a key to the account of who holds them."""
RECOVERY_CODES = "recovery_codes"


class User(AbstractBaseUser):
    """Somebody who can sign in: a client, a member, or both. Who has no e-mail address calls us, and we call them.

    `claimed_email` was typed by somebody who has not shown yet that it is theirs: we write there, and that is all.
    """

    email = StoredEmailField(_("e-mail"), blank=True)
    claimed_email = StoredEmailField(_("e-mail, not confirmed"), blank=True)
    name = WrittenLine(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="one_person_an_address"),
            spelled_one_way("an_address_is_spelled_one_way"),
            spelled_one_way("a_claimed_address_is_spelled_one_way", field="claimed_email"),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(name="", is_active=False),
                name="who_is_forgotten_has_no_name_and_no_way_in",
            ),
            models.CheckConstraint(
                condition=models.Q(email="") | models.Q(claimed_email=""), name="an_address_is_proven_or_claimed"
            ),
        ]
        indexes = [
            models.Index(
                fields=["claimed_email"], condition=~models.Q(claimed_email=""), name="people_by_claimed_address"
            )
        ]

    def __str__(self) -> str:
        return gettext("Somebody who left") if self.erased_at else Isolated(self.name or self.address)

    @property
    def address(self) -> str:
        """Where we write to them: their address, or the one that they say is theirs; empty for whom we call."""
        address: str = self.email or self.claimed_email
        return address

    @property
    def first_name(self) -> str:
        """What to call them; for somebody without a name yet, the part before the @."""
        return str(self) if self.erased_at else Isolated((self.name or self.address.partition("@")[0]).split()[0])

    @property
    def short_name(self) -> str:
        """First name and initial, as others see it: Carmen D."""
        if self.erased_at:
            return str(self)
        first, *rest = (self.name or self.address.partition("@")[0]).split()
        return Isolated(f"{first} {rest[-1][0]}." if rest else first)

    @cached_property
    def membership(self) -> Member | None:
        """Their Member row, whatever its state, or None."""
        return Member.objects.filter(user=self).select_related("zip").first()

    @cached_property
    def roles(self) -> frozenset[str]:
        """The offices that they hold now, and read what those read (kept for the length of a request).

        Nobody holds one who is not in good standing. Whoever is on leave reads, and does not act (`acting_roles`).
        """
        return frozenset(kind for kind, _key in self._held)

    @cached_property
    def _held(self) -> list[tuple[str, str | None]]:
        """Every office that they hold now beside every key of theirs, in one question to the database."""
        if self.membership is None:
            return []
        held = self.membership.terms.held(timezone.now())
        return list(held.values_list("kind", "member__user__authenticator__type"))

    @property
    def acting_roles(self) -> frozenset[str]:
        """The offices for which they act: those they hold, unless on leave, suspended or without a key yet."""
        if self.rests:
            return frozenset()
        return self.roles & WITHOUT_KEY if self.must_enrol else self.roles

    @cached_property
    def _keys(self) -> frozenset[str]:
        """The kinds of their keys."""
        if self._held:
            return frozenset(key for _kind, key in self._held if key)
        return frozenset(self.authenticator_set.values_list("type", flat=True))  # type: ignore[attr-defined]

    def look_at_keys_anew(self) -> None:
        """They have got a key, or lost one."""
        for known in ("_keys", "_held"):
            self.__dict__.pop(known, None)

    @property
    def has_key(self) -> bool:
        """Do they have a second proof of who they are: a passkey, or an app that makes codes?"""
        return bool(self._keys - {RECOVERY_CODES})

    @property
    def has_passkey(self) -> bool:
        return "webauthn" in self._keys

    @property
    def must_enrol(self) -> bool:
        """Do they hold an office that acts only with a key, and have none? They read what it reads until then.

        In the demo nobody has to.
        """
        return not settings.DEMO and bool(self.roles - WITHOUT_KEY) and not self.has_key

    @property
    def rests(self) -> bool:
        """Do they hold an office and are away? They read what it reads; others act for it."""
        return self.membership is not None and not self.membership.means.acts and bool(self.roles)

    @property
    def works(self) -> bool:
        """Do they belong to the co-op today, be it as candidate, member or on leave?"""
        return self.membership is not None and self.membership.means.reads

    def introduce(self, *, name: str, language: str) -> None:
        """Keep what they say about themselves."""
        self.name, self.language = name, language
        self.save(update_fields=["name", "language"])

    def speak(self, language: str) -> None:
        """Address them in this language from now on."""
        self.language = language
        self.save(update_fields=["language"])

    def prove(self, *, at: datetime) -> None:
        """The address that they gave is theirs: from now on it is their account. Twice is once.

        Refused where another account has it by now.
        """
        if not self.claimed_email:
            return
        try:
            with transaction.atomic():
                proven = User.objects.filter(pk=self.pk, claimed_email=self.claimed_email)
                proven.update(email=self.claimed_email, claimed_email="")
                self.note("prove", at=at, by=self)
        except IntegrityError as taken:
            raise Refusal(gettext("This address has an account already. Please sign in with it.")) from taken
        self.refresh_from_db(fields=["email", "claimed_email"])

    @transaction.atomic
    def change_address(self, email: str, *, at: datetime, by: "User | None") -> None:
        """From now on their address is this one, whose mail they read, or none. Refused where another has it."""
        try:
            with transaction.atomic():
                User.objects.filter(pk=self.pk).update(email=email, claimed_email="")
        except IntegrityError as taken:
            raise Refusal(gettext("This address has an account already. Please sign in with it.")) from taken
        self.email, self.claimed_email = email, ""
        self._forget_addresses()
        if email:
            self.emailaddress_set.create(email=email, verified=True, primary=True)  # type: ignore[attr-defined]
        self.note("change_address", at=at, by=by)

    def disclaim(self, *, at: datetime) -> bool:
        """The address that they gave is not theirs: we do not write there any more. False if it was settled."""
        claiming = User.objects.filter(pk=self.pk).exclude(claimed_email="")
        if not claiming.update(claimed_email=""):
            return False
        self.claimed_email = ""
        self._forget_addresses()
        self.note("disclaim", at=at, by=None)
        return True

    def pass_to(self, heir: "User", *, at: datetime) -> None:
        """This was `heir` all along, who gets the messages; nothing is left here."""
        self.notices.update(user=heir)
        self.note("pass_to", at=at, by=heir)
        self.close(at=at)

    def locked(self) -> "User":
        """Their row, read anew and locked for this transaction."""
        return User.objects.select_for_update().get(pk=self.pk)

    def note(self, verb: str, *, at: datetime, by: "User | None") -> None:
        """Write an Event about this person's account: what was done with it, by whom, when."""
        Event.objects.create(kind=self._meta.label_lower, subject=self.pk, verb=verb, actor=by, at=at)

    def close(self, *, at: datetime) -> None:
        """End the account for good: no name, no address, no way in, and every session is over."""
        self.name, self.email, self.claimed_email = "", f"{self.pk}@erased.invalid", ""
        self.is_active, self.erased_at = False, at
        self.set_unusable_password()
        self._forget_addresses()
        self.save(update_fields=["name", "email", "claimed_email", "is_active", "erased_at", "password"])

    def _forget_addresses(self) -> None:
        """Allauth keeps a list of its own, of whoever asked for a code."""
        self.emailaddress_set.all().delete()  # type: ignore[attr-defined]

    def end_sessions(self) -> None:
        """Every browser in which they are signed in has to sign in anew: a session hangs on the password's hash."""
        self.set_unusable_password()
        self.save(update_fields=["password"])

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and bool(has_perm(perm, self, obj))

    def may_act(self, perm: str, obj: Any = None) -> bool:
        """The same for doing something: what only an office allows, nobody does who is on leave or has no key yet."""
        acting = self.acting_roles
        if acting == self.roles:
            return self.has_perm(perm, obj)
        plain = copy(self)
        plain.__dict__["roles"] = acting
        return plain.has_perm(perm, obj)
