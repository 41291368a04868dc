"""How the code checks limits and keeps counts."""
