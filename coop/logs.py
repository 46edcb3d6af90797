"""How a line of the log looks, and what it must not say: the long secret part of an address, as good as a key."""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

ASKED = re.compile(r"(?<=[\w/])\?\S+")
"""What was searched for or typed, at the end of an address."""
SECRET = re.compile(r"(?<=/)(?=[\w.:=-]*\d)[\w.:=-]{16,}")
"""Part of a path with a number in it that nobody would type: a token, never a word of ours."""


def without_secrets(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A processor of structlog: every text of a line, its secret addresses shortened."""
    return {name: masked(value) if isinstance(value, str) else value for name, value in line.items()}


def masked(text: str) -> str:
    """`GET /bookings/5b2c…` for what had a whole token there, and nothing of what was asked for after it."""
    return SECRET.sub(lambda found: f"{found[0][:4]}…", ASKED.sub("?…", text))


BEGUN: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
]
"""What every line says: the request it belongs to, when, who speaks and how loudly."""
OURS: list[Any] = [
    structlog.stdlib.filter_by_level,
    *BEGUN,
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    structlog.processors.UnicodeDecoder(),
    without_secrets,
    structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
]


def configured(*, plainly: bool, level: str) -> dict[str, Any]:
    """Set structlog up, and give Django's LOGGING to match: one JSON a line, or, `plainly`, words for a screen."""
    structlog.configure(
        processors=OURS, logger_factory=structlog.stdlib.LoggerFactory(), cache_logger_on_first_use=True
    )
    on_screen = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    lines = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processor": on_screen if plainly else structlog.processors.JSONRenderer(),
        "foreign_pre_chain": [*BEGUN, without_secrets],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": lines},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "stripe": {"level": "WARNING"},
            "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        },
    }
