"""The engine: primitives, the graph that they record, and the walk that differentiates it."""
