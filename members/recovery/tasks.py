"""The old ways into an account are told that a new one was asked for, and the new one gets its link."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation

from coop.contact import coop_name
from coop.jobs import process_each, sweep
from coop.sending.delivery import Away, Undeliverable
from members.notices import letters, sms
from members.recovery.recoveries import AccountRecovery, AccountRecoveryQuerySet


@sweep("members.sweep_recoveries")
def sweep_recoveries() -> None:
    """Tell the old ways, give the new ones their link, and let go what nobody used."""
    now = timezone.now()
    rows = AccountRecovery.objects.select_related("user")
    process_each(rows.over(now)[:100], lambda one: one.lapse(at=now, by=None))
    process_each(rows.to_tell()[:100], lambda one: _tell(one, at=now))
    process_each(rows.to_open(now)[:100], lambda one: _open(one, at=now))


def _tell(recovery: AccountRecovery, *, at: datetime) -> None:
    """Raises Away and Later: then the sweep comes by again, and the hours to stop it begin anew."""
    recovery.wait_from(at)
    with _counted(recovery) as rows:
        for way in recovery.old_ways():
            _write("recovery_begun", way, recovery)
        _write("recovery_coming", recovery.email or recovery.phone, recovery)
        rows.update(told_at=at)


def _open(recovery: AccountRecovery, *, at: datetime) -> None:
    with _counted(recovery) as rows:
        _write("recovery_ready", recovery.email or recovery.phone, recovery)
        rows.update(opened_at=at)


@contextmanager
def _counted(recovery: AccountRecovery) -> Iterator[AccountRecoveryQuerySet]:
    """One try with its row; while whoever carries it is away, nothing is wrong with the row and none is counted."""
    rows = AccountRecovery.objects.filter(pk=recovery.pk)
    rows.update(tries=F("tries") + 1)
    try:
        yield rows
    except Away:
        rows.update(tries=F("tries") - 1)
        raise


def _write(what: str, way: Any, recovery: AccountRecovery) -> None:
    """A mail to an address, a text message to a number; where nobody is, there is nobody to tell."""
    about, language = {"recovery": recovery, "name": recovery.user.first_name}, recovery.user.language
    if isinstance(way, str):
        letters.write(what, to=way, language=language, about=about)
    elif carrier := sms.carrier():
        with translation.override(language), suppress(Undeliverable):
            said = render_to_string(f"sms/{what}.txt", about | {"coop_name": coop_name()})
            carrier.send(str(way), sms.plain(said))
