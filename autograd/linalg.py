"""Linear algebra, under the names of ``torch.linalg``."""

from autograd.ops.diagonals import diagonal as diagonal
from autograd.ops.linalg import cross as cross
from autograd.ops.linalg import inv as inv
from autograd.ops.linalg import matrix_norm as matrix_norm
from autograd.ops.linalg import matrix_power as matrix_power
from autograd.ops.linalg import multi_dot as multi_dot
from autograd.ops.linalg import solve as solve
from autograd.ops.linalg import vector_norm as vector_norm
from autograd.ops.norms import norm as norm
from autograd.ops.products import matmul as matmul
