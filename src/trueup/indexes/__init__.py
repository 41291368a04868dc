"""What the queries ask, which index serves them, and the smallest set of indexes that would."""
