"""The register of members: who belongs to the co-op, and what its office knows and changes about each."""
