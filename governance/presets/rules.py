"""Who chooses with which rules a co-op begins. When, its verb says."""

from rules.permissions import add_perm

from members.founding.rules import founds

add_perm("governance.read_presets", founds)
add_perm("governance.choose_presets", founds)
