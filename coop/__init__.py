"""The project, and what every app stands on."""

from coop.celery import app as celery_app

__all__ = ["celery_app"]
