"""What a file of ``evaluations`` holds beside its scores, and how it is named."""
