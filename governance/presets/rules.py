"""Who chooses with which rules a co-op begins. When, its verb says."""

from rules.permissions import add_perm

from members.rules import is_owner

add_perm("governance.choose_presets", is_owner)
