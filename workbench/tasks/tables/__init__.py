"""Tables of the user's own: what parts their cells, their headings, their rows and their faults."""
