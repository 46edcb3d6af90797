"""When somebody takes work, and the calendars that read their days."""
