"""Tensors with reverse-mode automatic differentiation on NumPy, under PyTorch's names."""
