"""Which messages about votes the office reads to whoever has no address: what all get, and no word on who has voted."""

from members.notices.by_phone import never_called, read_out

read_out("vote_notice", "vote_open", "vote_result")
never_called("vote_reminder")
