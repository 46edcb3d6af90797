"""How the messages about a standing are meant: they answer what was just done."""

from members.notices.notice_timing import Kind, declare

declare(Kind.ANSWER, "leaving_begun", "left")
