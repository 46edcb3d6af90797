"""How the messages about certificates are meant."""

from members.notices.notice_timing import Kind, declare

declare(Kind.ANSWER, "evidence_accepted", "evidence_refused")
