"""How the messages about applications are meant."""

from members.notices.notice_timing import Kind, declare

declare(Kind.ANSWER, "application_prove", "application_proven", "application_withdrawn")
