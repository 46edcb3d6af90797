"""How somebody comes to an office and how they give it up."""
