"""From a draft to what follows: written, discussed, voted on, counted, in force."""
