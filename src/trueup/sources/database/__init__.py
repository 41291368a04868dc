"""A live server → schema, read only: the catalogue's answers, spelled as Laravel's own introspection gives them.

`read_database(url)` is the public face. Sessions are read only and time-limited by the server itself; rows are never fetched;
passwords never appear in an error."""

from trueup.sources.database.reading import driver_of_url, read_database, shown_url

__all__ = ["driver_of_url", "read_database", "shown_url"]
