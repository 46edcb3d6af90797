"""The project and its ground floor."""

from coop.celery import app as celery_app

__all__ = ["celery_app"]
