"""What the membership office and members themselves decide about standing: pages, second person, leaving."""
