"""How the messages about cards and gift cards are meant, and which of them the office reads to people."""

from members.notices.by_phone import read_out
from members.notices.notice_timing import Kind, declare

declare(Kind.ANSWER, "card_changed", "card_declined", "gift_card")
read_out("card_declined", "charge_declined", "charge_to_confirm")
