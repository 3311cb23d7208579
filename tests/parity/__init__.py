"""The library beside PyTorch, on the inputs that PyTorch's own test suite is made of."""
