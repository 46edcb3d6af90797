"""What this room tells the house when it moves in."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        from members import own, telling

        own.listen()
        telling.declare(telling.Kind.ANSWER, "data_exported", "digest")
