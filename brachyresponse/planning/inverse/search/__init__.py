"""The objective of a plan and the search for the best one."""
