"""One training on many processes: each computes a share of every meta-batch and evaluation."""
