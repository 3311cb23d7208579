"""Speed, as ratios to PyTorch: ``python -m benchmarks``."""
