"""What an experiment would cost on this machine: seconds and memory, told before it starts."""
