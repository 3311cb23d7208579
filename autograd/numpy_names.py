"""NumPy's functions and the operations that they are: names, and names of parameters."""

from __future__ import annotations

# Universal functions whose operations have other names; the others are called alike.
UFUNCS = {
    "subtract": "sub",
    "multiply": "mul",
    "divide": "div",
    "power": "pow",
    "negative": "neg",
    "absolute": "abs",
    "fabs": "abs",
    "rint": "round",
    "sign": "sgn",
    "conjugate": "conj",
    "radians": "deg2rad",
    "degrees": "rad2deg",
    "invert": "bitwise_not",
    "left_shift": "bitwise_left_shift",
    "right_shift": "bitwise_right_shift",
    "equal": "eq",
    "not_equal": "ne",
    "greater": "gt",
    "greater_equal": "ge",
    "less": "lt",
    "less_equal": "le",
    "vecdot": "linalg.vecdot",
    **{f"arc{name}": f"a{name}" for name in ("sin", "cos", "tan", "tan2", "sinh", "cosh", "tanh")},
}
# No counterpart, though an operation is called so: NumPy's has other results.
DIFFERENT_UFUNCS = {"frexp", "spacing"}
# Their operations take tensors only, or want one first, where NumPy's functions take numbers.
OF_TENSORS = frozenset(
    """
    maximum minimum fmax fmin heaviside copysign logical_and logical_or logical_xor arctan2
    logaddexp logaddexp2 hypot gcd lcm ldexp nextafter fmod
    equal not_equal less less_equal greater greater_equal
    """.split()  # noqa: SIM905  # shorter than quotes around each
)
REDUCTIONS = {
    "add": "sum",
    "multiply": "prod",
    "maximum": "amax",
    "minimum": "amin",
    "logaddexp": "logsumexp",
}
ACCUMULATIONS = {"add": "cumsum", "multiply": "cumprod", "logaddexp": "logcumsumexp"}

# NumPy's functions by their parameters, in NumPy's order: the arrays, and after the bar the others,
# renamed by the pairs below or by a colon; "_" and what isn't listed has no counterpart. A colon
# also renames the functions.
PARAMETERS = {
    "axis": "dim",
    "axes": "dim",
    "keepdims": "keepdim",
    "k": "diagonal",
    "rcond": "rtol",
}
_BY_PARAMETERS = {
    "a | axis dtype _ keepdims": "sum nansum nanmean",
    "a | axis _ keepdims": "max:amax amax min:amin amin",
    "a q | axis _ _ _ keepdims": "quantile",
    "a | axis1:dim0 axis2:dim1": "swapaxes:transpose",
    "a | source destination": "moveaxis:movedim",
    "array | shape": "broadcast_to",
    "a | shift:shifts axis:dims": "roll",
    "m | k:k axes:dims": "rot90",
    "a | repeats axis": "repeat:repeat_interleave",
    "arrays | axis": "stack",
    "tup |": "hstack vstack dstack column_stack",
    "m |": "fliplr flipud",
    "condition x y |": "where",
    "a | offset axis1:dim1 axis2:dim2": "diagonal",
    "v | k": "diag",
    "m | k": "tril triu",
    "a b |": "inner kron",
    "a b | axes:dims": "tensordot linalg.tensorsolve",
    "a | n axis prepend append": "diff",
    "val |": "real imag",
    "a | decimals": "round around:round",
    "x | _ nan posinf neginf": "nan_to_num",
    "y x | dx axis": "trapezoid",
    "a | dtype": "zeros_like ones_like empty_like",
    "a | fill_value dtype": "full_like",
    "a |": "copy:clone linalg.inv linalg.det linalg.slogdet linalg.eig linalg.eigvals",
    "x |": "sinc i0 matrix_transpose:mT linalg.matrix_transpose:mT linalg.svdvals",
    "a | upper": "linalg.cholesky",
    "a | UPLO": "linalg.eigh linalg.eigvalsh",
    "a | full_matrices": "linalg.svd",
    "a | rcond hermitian rtol": "linalg.pinv",
    "a | n": "linalg.matrix_power",
    "arrays |": "linalg.multi_dot",
    "x | keepdims ord": "linalg.matrix_norm",
    "x | axis keepdims ord": "linalg.vector_norm",
    "x | p": "linalg.cond",
    "x1 x2 |": "linalg.matmul:matmul linalg.outer:outer",
    "x1 x2 | axis": "linalg.cross",
    "x | offset": "linalg.diagonal",
    "x1 x2 | axes:dims": "linalg.tensordot:tensordot",
    "a | ind": "linalg.tensorinv",
    "arys |": "atleast_1d atleast_2d atleast_3d",
    "a | n axis norm": "fft.fft fft.ifft fft.rfft fft.irfft fft.hfft fft.ihfft",
    "a | s axes norm": "fft.fft2 fft.ifft2 fft.rfft2 fft.irfft2",
    "a | s axes  norm": "fft.fftn fft.ifftn fft.rfftn fft.irfftn",
    "x | axes": "fft.fftshift fft.ifftshift",
}
FUNCTIONS = {
    name.partition(":")[0]: (name.partition(":")[2] or name, parameters)
    for parameters, names in _BY_PARAMETERS.items()
    for name in names.split()
}
# What depends on shapes and dtypes alone, or jumps from value to value: no gradient can get lost.
NOT_DIFFERENTIABLE = frozenset(
    """
    shape ndim size result_type can_cast min_scalar_type common_type may_share_memory shares_memory
    array_repr array_str array2string iscomplexobj isrealobj iscomplex isreal isneginf isposinf
    isclose allclose array_equal array_equiv isin any all argmax argmin nanargmax nanargmin argsort
    lexsort argpartition nonzero argwhere flatnonzero count_nonzero searchsorted digitize bincount
    linalg.matrix_rank
    """.split()  # noqa: SIM905  # a name on each line would be a page of them
)
# These write into their first argument.
WRITERS = frozenset(("copyto", "put", "place", "putmask", "fill_diagonal", "put_along_axis"))
