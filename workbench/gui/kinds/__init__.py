"""One room a kind of task, and the table that shows every other kind."""
