"""Households that a co-op brings along from before, as a table: looked over whole, then all or nothing."""
