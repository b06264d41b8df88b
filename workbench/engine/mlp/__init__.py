"""Small fully connected networks: whole tasks inside one compiled loop."""
