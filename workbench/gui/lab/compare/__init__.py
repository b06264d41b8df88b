"""Up to six learners side by side on the same support and query set."""
