"""What sums of clients become: back in the way they came, from whom; and those that are too small to be charged."""
