"""How the messages about a standing are meant: they answer what was just done; a leave that others wrote is urgent."""

from members.notices.notice_timing import Kind, declare

declare(Kind.ANSWER, "leaving_begun", "left")
declare(Kind.URGENT, "leave_written_down")
