"""Experiments that wait: kept on the disk, in their order, and worked through one after another."""
