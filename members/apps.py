"""What this app registers when Django starts."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        from members import notice_timing, personal_data

        personal_data.listen()
        notice_timing.declare(notice_timing.Kind.ANSWER, "data_exported", "digest")
