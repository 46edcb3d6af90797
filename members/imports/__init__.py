"""Members that a co-op brings along while it is founded, as a table: each is invited, and says yes for themselves."""
