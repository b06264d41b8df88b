"""Tasks of control: maps with trajectories under the hand, and worlds that are curves over time."""
