"""This room listens to what the rooms below announce."""

from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "payouts"

    def ready(self) -> None:
        from payouts import own, receivers

        receivers.listen()
        own.listen()
