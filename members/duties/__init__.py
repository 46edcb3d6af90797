"""Duties of the year: what the co-op has to do by a day, who looks after it, and what shows that it is done."""
