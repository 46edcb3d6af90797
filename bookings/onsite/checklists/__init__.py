"""What is done in each room: the office's lists, and what is ticked at a visit."""
