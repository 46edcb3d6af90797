"""Sets of rules to begin with, each value with why and from where; the founders choose one, later rules go by vote."""
