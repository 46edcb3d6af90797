"""How the messages about disputes and pay taken back are meant."""

from members.notices.notice_timing import Kind, declare

declare(Kind.NEWS, "dispute_opened", "dispute_over", "pay_taken_back")
