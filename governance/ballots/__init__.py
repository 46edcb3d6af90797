"""One vote in numbers: the roll, the ballots, the days, the rule and the count."""
