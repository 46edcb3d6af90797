"""How the mails of founding are meant."""

from members.notices.notice_timing import Kind, declare

declare(Kind.ANSWER, "founder_invited")
