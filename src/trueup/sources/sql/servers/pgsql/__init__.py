"""PostgreSQL, as far as a schema goes."""
