"""Services and extras to begin with: templates that an office ticks, prices and makes its own."""
