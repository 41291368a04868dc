"""From SQL text to `ddl` statements: tokens, then a recursive-descent reader, one file a subject."""
