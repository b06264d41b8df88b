"""What task families of control share: trajectories as evidence; see docs/adr/0027."""
