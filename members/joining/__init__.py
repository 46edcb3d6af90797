"""Joining the co-op: applications by whoever would like to work here, and the time as a candidate."""
