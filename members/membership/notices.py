"""How the messages about a standing are meant: they answer what was just done; what others say of a leave is urgent."""

from members.notices.notice_timing import Kind, declare

declare(Kind.ANSWER, "leaving_begun", "left")
declare(Kind.URGENT, "leave_written_down", "leave_taken_back")
