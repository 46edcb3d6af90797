"""How the messages about signing in are meant."""

from members.notices.notice_timing import Kind, declare

declare(Kind.ANSWER, "new_device", "keys_changed")
