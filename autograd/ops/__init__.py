"""Every differentiable operation, one file for each family."""
