"""Every rule that a vote can change."""
