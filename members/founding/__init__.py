"""How a co-op comes to be: the address with which it is set up, its founders, and what it still lacks."""
