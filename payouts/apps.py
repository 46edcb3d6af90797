"""This room listens to what the rooms below announce."""

from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "payouts"

    def ready(self) -> None:
        from members import telling
        from payouts import own, receivers, seconds

        receivers.listen()
        own.listen()
        seconds.listen()
        telling.declare(telling.Kind.ANSWER, "card_changed", "card_declined", "gift_card")
