"""How the message about a recovery is meant: nobody is paid until it is read."""

from members.notices.notice_timing import Kind, declare

declare(Kind.URGENT, "books_to_recover")
