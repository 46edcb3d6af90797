"""Who looked at what is kept about somebody, and what others did to it: told to that person."""
