"""What an office writes to members, who has read it, and who can come."""
