"""This room listens to what the rooms below announce."""

from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "payouts"

    def ready(self) -> None:
        from members.notices import notice_timing
        from payouts import confirmable_acts, personal_data, receivers

        receivers.listen()
        personal_data.listen()
        confirmable_acts.listen()
        notice_timing.declare(notice_timing.Kind.ANSWER, "card_changed", "card_declined", "gift_card")
