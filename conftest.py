"""What pytest does not collect: doctests in modules whose packages are not installed."""

import importlib.util

collect_ignore_glob = [] if importlib.util.find_spec("numba") else ["autograd/kernels/compiled/*"]
