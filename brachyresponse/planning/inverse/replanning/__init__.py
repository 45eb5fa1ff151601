"""What is implanted so far, and the plan of the rest."""
