"""Linear algebra, under the names of ``torch.linalg``."""

from autograd.ops.diagonals import diagonal as diagonal
from autograd.ops.linalg import (
    cross as cross,
    inv as inv,
    matrix_norm as matrix_norm,
    matrix_power as matrix_power,
    multi_dot as multi_dot,
    solve as solve,
    vector_norm as vector_norm,
)
from autograd.ops.norms import norm as norm
from autograd.ops.products import matmul as matmul
