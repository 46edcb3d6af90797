"""What this folder says when somebody leaves."""

from members.joining.admissions import told_no
from members.membership.receivers import other_words

other_words.append(told_no)
