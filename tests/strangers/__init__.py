"""Task families of kinds that the program has never heard of, each as a stranger would write it."""
