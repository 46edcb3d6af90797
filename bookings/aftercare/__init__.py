"""After a visit: thanks, what is done again, whom a household would like again or not."""
