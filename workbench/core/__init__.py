"""The nouns every other room speaks in. Standard library, torch and pydantic only."""
