"""Response of lesions over time: measuring, matching from visit to visit, the criteria, the schedule."""
