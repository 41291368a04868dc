"""PHP: source text → a small typed tree → values.

parse.py lowers tree-sitter's concrete tree to the nodes of tree.py; evaluate.py carries out what migrations use of the language
and asks a host (host.py) for everything that belongs to the framework; names.py and walk.py serve those who only read."""
