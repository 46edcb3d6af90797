"""Text that is encrypted at rest: getting-in notes and the like.

Each value is AES-256-GCM under a key from the environment, marked with that key's id and bound to its table,
column and row, so that a copied ciphertext opens nowhere else. In memory it stays closed until `open()`.
"""

import base64
import hashlib
import secrets
import uuid
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models


class Unreadable(Exception):
    """No key of ours opens this text, or it was moved from another row."""


resealers: dict[str, Callable[[], int]] = {}
"""What a library keeps for us and we seal: what it is called, and how all of it is closed anew (how many)."""


def key_ring() -> dict[str, AESGCM]:
    """The keys by their ids, newest first; SECRET_KEY never seals anything."""
    ring = {}
    for text in settings.SEALED_KEYS:
        key = base64.urlsafe_b64decode(text)
        ring[hashlib.sha256(key).hexdigest()[:8]] = AESGCM(key)
    return ring


class SealedRow(models.Model):
    """A model with sealed fields: `seal` is drawn before the row is saved and ties its ciphertexts to it."""

    seal = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

    def reseal(self) -> None:
        """Close every sealed field again under the newest key (after a rotation)."""
        fields = [field for field in self._meta.get_fields() if isinstance(field, SealedTextField)]
        for field in fields:
            setattr(self, field.attname, getattr(self, field.attname).open())
        self.save(update_fields=[field.attname for field in fields])


class Sealed:
    """A closed text; `str()` never shows it, `open()` does."""

    def __init__(self, token: str, *, bound_to: str) -> None:
        self.token, self._bound_to = token, bound_to

    def __bool__(self) -> bool:
        return bool(self.token)

    def __str__(self) -> str:
        return "•••" if self.token else ""

    __repr__ = __str__

    @classmethod
    def close(cls, text: str, *, bound_to: str) -> "Sealed":
        if not text:
            return cls("", bound_to=bound_to)
        name, key = next(iter(key_ring().items()))
        nonce = secrets.token_bytes(12)
        closed = nonce + key.encrypt(nonce, text.encode(), bound_to.encode())
        return cls(f"{name}:{base64.b64encode(closed).decode()}", bound_to=bound_to)

    def open(self) -> str:
        """The text itself. Raises Unreadable when the key is gone or the row is not its own."""
        if not self.token:
            return ""
        name, _, body = self.token.partition(":")
        closed = base64.b64decode(body)
        try:
            return key_ring()[name].decrypt(closed[:12], closed[12:], self._bound_to.encode()).decode()
        except (KeyError, InvalidTag) as trouble:
            raise Unreadable(f"A sealed text under key {name} does not open.") from trouble


class _Attribute:
    def __init__(self, field: "SealedTextField") -> None:
        self.field = field

    def __get__(self, row: Any, owner: Any = None) -> Any:
        if row is None:
            return self
        if self.field.attname not in row.__dict__:
            row.refresh_from_db(fields=["seal", self.field.attname])
        return row.__dict__[self.field.attname]

    def __set__(self, row: Any, value: "Sealed | str") -> None:
        bound_to = f"{self.field.model._meta.db_table}.{self.field.column}:{row.__dict__.get('seal')}"
        if isinstance(value, Sealed):
            token = value.token
        elif isinstance(value, _FromDatabase):
            token = str(value)
        else:
            token = Sealed.close(value, bound_to=bound_to).token
        row.__dict__[self.field.attname] = Sealed(token, bound_to=bound_to)


class _FromDatabase(str):
    """A token as the database gave it, told apart from a text that a person typed."""


class SealedTextField(models.TextField):  # type: ignore[type-arg]
    """A text column on a SealedRow that holds ciphertext only; the attribute is a `Sealed`."""

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Attribute(self))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        return _FromDatabase(value or "")

    def get_prep_value(self, value: Any) -> str:
        if isinstance(value, Sealed):
            return value.token
        if value:
            raise TypeError("A sealed column takes its text through the row's attribute, which closes it.")
        return ""
