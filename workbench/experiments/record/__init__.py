"""What a run leaves on the disk: each kind of file with one reader and one writer."""
