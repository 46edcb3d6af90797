"""What happens once when Django starts."""

from django.apps import AppConfig


class CoopConfig(AppConfig):
    name = "coop"

    def ready(self) -> None:
        """No form has been made yet, so that each has our words."""
        from coop.web import form_words  # noqa: F401
