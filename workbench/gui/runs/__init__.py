"""The stored runs: their table, their comparison, and measuring one of them again."""
