"""Whether a problem can be solved, what stands against it, and what a plan misses."""
