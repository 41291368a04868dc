"""What a Laravel application answers while its migrations run: facades, helpers, collections, models, queries."""
