"""How a plan survives misplaced and lost seeds."""
