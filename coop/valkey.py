"""Valkey hurries and counts, and nothing hangs on it: while it is away or hangs, nobody is kept from anything."""

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from kombu.exceptions import OperationalError
from redis import RedisError

from coop.sending.delivery import Away, Breaker

log = structlog.get_logger()
Answer = TypeVar("Answer")

breaker = Breaker(OperationalError, RedisError, OSError)
"""One for Celery's tasks and for what is counted: both go to the same server."""


class OpenCache(RedisCache):
    """What is counted for all processes together. It fails open: what cannot be counted is allowed.

    Only what limits need is here; the rest of a cache's verbs raise when the server is away.
    """

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return _or(True, lambda: super(OpenCache, self).add(key, value, timeout, version))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _or(default, lambda: super(OpenCache, self).get(key, default, version))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        _or(None, lambda: super(OpenCache, self).set(key, value, timeout, version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return _or(False, lambda: super(OpenCache, self).delete(key, version))

    def clear(self) -> None:
        """Forget what was counted, and nothing else of the server: Celery's tasks are there, too."""
        client = self._cache.get_client(None, write=True)
        if counted := list(client.scan_iter(f"{self.key_prefix}:*")):
            client.delete(*counted)


def _or(otherwise: Answer, call: Callable[[], Answer]) -> Answer:
    try:
        return breaker.ask(call)
    except Away as trouble:
        log.warning("not counted", trouble=str(trouble))
        return otherwise
