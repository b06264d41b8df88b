"""What people bring as data, and what is expected to become of it: docs/own-data.md lists it."""
