"""How the messages about cards and gift cards are meant."""

from members.notices.notice_timing import Kind, declare

declare(Kind.ANSWER, "card_changed", "card_declined", "gift_card")
