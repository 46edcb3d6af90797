"""The folders of this room that are shipped, each standing on those before it."""

FOLDERS = (
    *("stripe", "ledger", "charges", "pay_kinds", "payroll", "reconciliation", "bookkeeping", "hand_entries"),
    *("recovery", "trouble"),
)
