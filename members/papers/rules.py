"""Who reads and who keeps the co-op's papers. When something may be done is for the verbs to say."""

from rules.permissions import add_perm

from members.papers.papers import KEEPERS
from members.rules import holds, is_member

add_perm("members.read_papers", is_member)
add_perm("members.keep_papers", holds(*KEEPERS))
add_perm("members.replace_paper", holds(*KEEPERS))
add_perm("members.remove_paper", holds(*KEEPERS))
