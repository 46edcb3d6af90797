"""What people type: cleaned, spelled one way, and found again."""
