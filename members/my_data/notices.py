"""How the message about a download is meant."""

from members.notices.notice_timing import Kind, declare

declare(Kind.ANSWER, "data_exported")
