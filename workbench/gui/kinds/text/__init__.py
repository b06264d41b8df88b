"""Tasks of sentences: lines to edit, predictions with bars, the words that carry them."""
