"""A learner adapted to a person's own examples, kept, and asked about new items."""
