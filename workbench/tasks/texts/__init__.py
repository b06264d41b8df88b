"""What families of sentences share: reading, splitting, representing, and the tasks drawn."""
