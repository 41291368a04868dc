"""The evaluator's inside. `Runner` (runner.py) holds one PHP process; the other files teach it expressions, statements, classes and
PHP's own functions."""
