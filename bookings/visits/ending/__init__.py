"""How a visit comes to nothing or ends before its time: called off, nobody opens, or broken off."""
