"""tree-sitter's concrete tree → the typed tree. Importing this package fills the tables that map a kind of node to its function."""

from trueup.sources.php.lower import declarations, operands, operators, statements, strings

__all__ = ["declarations", "operands", "operators", "statements", "strings"]
