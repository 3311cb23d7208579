"""Every operator between every pair of operands, with either library."""

from __future__ import annotations

import itertools
import random

import pytest

pytest.importorskip("torch", reason="PyTorch is the oracle")

from tests.parity.both import all_disagreements, disagreements, grid, words

# By the kind of the dtype: the values of a vector, and a single one.
VALUES = {
    "bool": ("[1, 0, 1]", "True"),
    "uint": ("[3, 2, 1]", "2"),
    "int": ("[-3, 2, 1]", "-2"),
    "float": ("[-1.5, 2, 0.5]", "1.5"),
    "complex": ("[1 + 2j, -1.5j, 2]", "1 - 1j"),
}
TENSORS = [
    f"torch.tensor({values}, dtype=torch.{dtype})"
    for dtype in (
        "bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64",
        "complex64", "complex128",
    )
    for values in VALUES[dtype.rstrip("0123456789")]
]  # fmt: skip
NUMBERS = words("""
    True | False | 2 | -3 | 0 | 7 | 2**40 | 300 | -1 | 1.5 | -0.5 | 2.0 | 1e10 | float("inf")
    | float("nan") | 1j | (1 + 2j) | np.float64(1.5) | np.float32(1.5) | np.float16(1.5)
    | np.int64(2) | np.int8(3) | np.uint8(2) | np.complex128(1 - 1j)
""")
ARRAYS = [
    f"np.array({VALUES[kind][i]}, np.{dtype})"
    for kind, dtype in (
        ("bool", "bool"), ("int", "int8"), ("int", "int64"), ("float", "float32"),
        ("float", "float64"), ("complex", "complex64"),
    )
    for i in (0, 1)
]  # fmt: skip
ARITHMETIC = "+ - * / // % ** & | ^ << >>".split()  # noqa: SIM905  # shorter than quotes
OPERATORS = [*ARITHMETIC, "==", "!=", "<", "<=", ">", ">="]

# Pairs whose results differ on purpose, by what stands in the program, and why.
NO_COMPLEX_HALF = "PyTorch refuses most operations on complex numbers of half precision"
OVERFLOW = (
    "a number out of the range of its tensor's dtype: infinite here, refused there, or wrapped"
)
INFINITE = "PyTorch multiplies the number by 1 + 0j first, which makes infinity NaN"
BOOL_POWERS = "PyTorch knows bool ** bool for Python's bools only"


def differs_on_purpose(left: str, operator: str, right: str) -> bool:
    """Whether a pair of operands has one of the reasons above."""
    both = left + right
    complex_one = "complex" in both or "j" in both
    return (
        ("float16" in both and complex_one)  # NO_COMPLEX_HALF
        or (operator == "**" and (any(n in both for n in ("300", "1e10", "2**40"))))  # OVERFLOW
        or (complex_one and "inf" in both)  # INFINITE
        or (operator == "**" and "bool" in left and right in ("True", "False"))  # BOOL_POWERS
    )


def pairs(lefts: list[str], rights: list[str], operators: list[str], count: int) -> list[list[str]]:
    """``count`` of all combinations, the same each time."""
    every = [
        [left, operator, right]
        for left, operator, right in itertools.product(lefts, operators, rights)
        if not differs_on_purpose(left, operator, right)
    ]
    return random.Random(0).sample(every, min(count, len(every)))


def test_of_tensors_and_numbers() -> None:
    programs = [" ".join(pair) for pair in pairs(TENSORS, TENSORS + NUMBERS, OPERATORS, 6000)]
    assert not (wrong := all_disagreements(programs)), "\n".join(wrong[:20])


def test_reflected() -> None:
    programs = [" ".join(pair) for pair in pairs(NUMBERS, TENSORS, OPERATORS, 4000)]
    assert not (wrong := all_disagreements(programs)), "\n".join(wrong[:20])


def test_in_place() -> None:
    programs = [
        f"x = y = {left}; x {operator}= {right}; [x, y, x is y]"
        for left, operator, right in pairs(TENSORS, TENSORS + NUMBERS, ARITHMETIC, 5000)
    ]
    assert not (wrong := all_disagreements(programs)), "\n".join(wrong[:20])


def test_an_array_is_as_good_as_its_tensor() -> None:
    """PyTorch takes arrays for some operators only, so it gets tensors of them."""
    names = "a = {a}; a = a if torch.__name__ == 'autograd' else torch.from_numpy(a); "
    programs = [
        names.format(a=array) + f"[{tensor} {operator} a, a {operator} {tensor}]"
        for tensor, operator, array in pairs(TENSORS, ARRAYS, OPERATORS, 1500)
    ]
    assert not (wrong := all_disagreements(programs)), "\n".join(wrong[:20])


FLOATS = words("""
    torch.tensor([[-1.5, 2.0], [0.5, 3.0]], requires_grad=True)
    | torch.tensor(2.0, requires_grad=True)
    | torch.tensor([1.5, -0.5], dtype=torch.float64, requires_grad=True) | 3 | 1.5 | np.float64(2)
    | torch.tensor([1 + 2j, -1.5j], dtype=torch.complex128, requires_grad=True)
    | torch.tensor([3, 2]) | torch.tensor(3) | torch.tensor([[2.0]], requires_grad=True)
    | torch.tensor(0.5, dtype=torch.float64)
""")


GRADIENTS = """
x, y = {x}, {y}
z = x {operator} y
w = z.real if z.is_complex() else z
inputs = [t for t in (x, y) if torch.is_tensor(t) and t.requires_grad]
first = torch.autograd.grad((w * w).sum(), inputs, create_graph=True)
size = sum((g * g.conj()).real.sum() for g in first)
second = torch.autograd.grad(size, inputs, allow_unused=True) if size.requires_grad else []
[z, [g.detach() for g in first], second]
"""


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "**", "%"])
def test_gradients(operator: str) -> None:
    """And those of the gradients, each in the dtype and the shape of its tensor.

    PyTorch has none for ``//``, nor for a number ``%`` a tensor, where ours are 0 and the slope."""
    left = [x for x in FLOATS if operator != "%" or x.startswith("torch")]
    programs = grid(GRADIENTS, operator=[operator], x=left, y=FLOATS)
    assert not (wrong := all_disagreements(programs)), "\n".join(wrong[:20])


SHAPES = [
    "()",
    "(0,)",
    "(1,)",
    "(2,)",
    "(3,)",
    "(2, 3)",
    "(3, 2)",
    "(1, 3)",
    "(2, 2, 3)",
    "(2, 1, 3, 2)",
]


@pytest.mark.parametrize("operator", ["@", "+", "<"])
def test_shapes(operator: str) -> None:
    programs = grid(
        "torch.arange(24.0)[:math.prod({s})].reshape({s}) " + operator + " torch.ones({t})",
        s=SHAPES,
        t=SHAPES,
    )
    assert not (wrong := all_disagreements(programs)), "\n".join(wrong[:20])


# What NumPy does with a tensor, beside what PyTorch does with it.
NUMPY = """
    np.sin(x) = torch.sin(x) | np.add(x, 2.5) = torch.add(x, 2.5) | np.sum(x) = torch.sum(x)
    | np.multiply(2, x) = 2 * x | np.sum(x, axis=0) = x.sum(0) | np.mean(x, axis=1) = x.mean(1)
    | np.sum(x, axis=1, keepdims=True) = x.sum(1, keepdim=True) | np.max(x, 0) = x.amax(0)
    | np.concatenate([x, x]) = torch.cat([x, x]) | np.stack([x, x], 1) = torch.stack([x, x], 1)
    | np.where(x > 1, x, 0.0) = torch.where(x > 1, x, 0.0) | np.exp(x) = x.exp()
    | np.abs(x) = x.abs() | np.matmul(x, x.T) = x @ x.T | np.dot(x, x.T) = x @ x.T
    | np.power(x, 2) = x**2 | np.sqrt(x) = x.sqrt() | np.maximum(x, 1.7) = x.clamp(min=1.7)
    | np.clip(x, 1, 2) = x.clamp(1, 2) | np.cumsum(x, 0) = x.cumsum(0) | np.transpose(x) = x.T
    | np.reshape(x, (3, 2)) = x.reshape(3, 2) | np.tanh(x) = x.tanh()
    | np.squeeze(x[None]) = x[None][0]
    | np.expand_dims(x, 0) = x[None] | np.var(x) = x.var(correction=0)
    | np.add.reduce(x) = x.sum(0) | np.outer(x[0], x[1]) = torch.outer(x[0], x[1])
    | np.prod(x) = x.prod() | np.einsum("ij,kj->ik", x, x) = x @ x.T
    | np.linalg.norm(x) = x.norm() | np.tile(x, 2) = x.tile(2)
    | np.arctan2(1.0, x) = torch.atan2(torch.tensor(1.0), x)
    | np.logaddexp(x, 1.0) = torch.logaddexp(x, torch.tensor(1.0)) | np.flip(x, 0) = x.flip(0)
    | np.argmax(x) = x.argmax() | np.sort(x) = x.sort()[0] | np.isnan(x) = x.isnan()
    | np.negative(x) = -x | np.ones((2, 3), np.float32) * x = x * 1 | np.float64(2) * x = 2 * x
    | np.diff(x) = x.diff()
"""


@pytest.mark.parametrize("pair", words(NUMPY))
def test_numpys_functions_are_the_operations(pair: str) -> None:
    ours, theirs = (side.strip() for side in pair.split(" = "))
    program = (
        "x = torch.tensor([[1.0, 2.0, 0.5], [3.0, 1.5, 2.5]], requires_grad=True); "
        f"y = {ours} if torch.__name__ == 'autograd' else {theirs}; "
        "g = torch.autograd.grad((y * y).sum(), x) if y.requires_grad else None; [y, g]"
    )
    assert not disagreements(program)
