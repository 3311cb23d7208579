"""These tests are beside PyTorch; where it is not installed there is nothing to collect."""

from importlib.util import find_spec

if not (find_spec("torch") and find_spec("expecttest")):
    collect_ignore_glob = ["*.py"]
