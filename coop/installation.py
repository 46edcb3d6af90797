"""Which co-op this is, wherever several share a place: one name, made with the database and carried by its backups."""

import uuid

import pgtrigger
from django.db import models

THE_ONE = 1


class Installation(models.Model):
    """One row, made by a migration. A database that was restored is the same installation, another co-op's is not."""

    name = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=THE_ONE), name="an_installation_is_one_row")]
        triggers = [
            pgtrigger.Protect(name="an_installation_keeps_its_name", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.name.hex

    @classmethod
    def ours(cls) -> str:
        """The name of this one: 32 hexadecimal digits, no secret."""
        return str(cls.objects.get(pk=THE_ONE))
