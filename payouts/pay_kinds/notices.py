"""How the mails about ways of paying are meant."""

from members.notices.notice_timing import Kind, declare

declare(Kind.NEWS, "pay_kind_said")
