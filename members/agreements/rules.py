"""Who reads, writes and accepts agreements. When something may be done is for the verbs to say."""

from rules.permissions import add_perm

from members.agreements.agreements import KEEPERS
from members.rules import holds, is_member

add_perm("members.read_agreements", is_member)
add_perm("members.keep_agreements", holds(*KEEPERS))
add_perm("members.accept_agreementversion", is_member)
add_perm("members.take_back_agreementversion", holds(*KEEPERS))
