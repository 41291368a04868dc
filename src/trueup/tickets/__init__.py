"""Findings to tickets: grouping, order, numbers, text (all pure), and `writing`, the only code that writes them."""
