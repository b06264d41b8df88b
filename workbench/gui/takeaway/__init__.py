"""Taking a plot away: as a picture, a drawing, its numbers, or in the clipboard."""
