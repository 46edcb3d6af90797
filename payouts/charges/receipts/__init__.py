"""What a client keeps: a page and a PDF of what was paid for a visit."""
