"""Speed and memory, as ratios to PyTorch: ``python -m benchmarks``.

A program is written once, for a `Library`, and built for ours and for PyTorch (`programs`,
`operations`). Both must compute the same before `measure` times them. Pages of rows (`training`,
`memory`, `scaling`, `installation`) are printed, written and drawn by `report`.
"""
