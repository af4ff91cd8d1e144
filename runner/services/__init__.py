"""What happens to runs; the only place that changes their rows. `changes.changing` is the door to all of it."""
