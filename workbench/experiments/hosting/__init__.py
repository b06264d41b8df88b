"""A training in a process of its own, which the window drives from outside and may outlive it.

`order` says what is trained, `child` trains it, `serving` answers windows, `process_host` is the
window's side with the face of a `Runner`, and `address` is how the one finds the other.
"""
