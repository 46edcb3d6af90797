"""After a new key was put in front of SEALED_KEYS: close everything again under it."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction

from coop.encrypted_fields import SealedRow, resealers


class Command(BaseCommand):
    help = "Close every sealed text again under the newest key of SEALED_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        for model in apps.get_models():
            if issubclass(model, SealedRow):
                self.stdout.write(f"{model._meta.verbose_name_plural}: {_reseal(model)}")
        for name, reseal in resealers.items():
            self.stdout.write(f"{name}: {reseal()}")


def _reseal(model: type[SealedRow]) -> int:
    done = 0
    for pk in model._default_manager.values_list("pk", flat=True).iterator():
        with transaction.atomic():
            model._default_manager.select_for_update(of=("self",)).get(pk=pk).reseal()
        done += 1
    return done
