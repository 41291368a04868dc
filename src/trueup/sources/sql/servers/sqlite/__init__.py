"""SQLite, as far as a schema goes: what ALTER TABLE can't do included."""
