"""The co-op's web and worker programs as a story starts them: the same, but with the story's clock."""

from tests import clock

clock.of_environment().rule()

from coop.celery import app as worker  # noqa: E402  (the clock first)
from coop.wsgi import application as web  # noqa: E402

__all__ = ["web", "worker"]
