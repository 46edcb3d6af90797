"""How the messages about new ways into an account are meant."""

from members.notices.notice_timing import Kind, declare

declare(Kind.URGENT, "recovery_stopped")
