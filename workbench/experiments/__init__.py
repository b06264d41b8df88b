"""What a run is: its configuration, its training, its record on disk. Knows no window."""
