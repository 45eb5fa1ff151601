"""Many plans of one problem under other weights, and those that no other beats."""
