"""The board and committees: what each may decide, and who belongs to it for which term."""
