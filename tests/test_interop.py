"""Tensors in NumPy's functions, and their memory in other libraries."""

import numpy as np
import pytest

import autograd
from autograd import GraphError, ShapeError, Tensor

A = np.random.default_rng(0).standard_normal((3, 4))
B = np.random.default_rng(1).standard_normal((3, 4))
S = np.random.default_rng(2).standard_normal((3, 3)) + 3 * np.eye(3)

# Each must give, on a tensor, NumPy's own result on the array, and the gradient of that.
SAME = {
    "sin": np.sin,
    "arcsinh": np.arcsinh,
    "absolute": np.absolute,
    "arctan2": lambda x: np.arctan2(x, B),
    "maximum": lambda x: np.maximum(B, x),
    "array * tensor": lambda x: B * x,
    "array / tensor": lambda x: B / x,
    "array - tensor": lambda x: B - x,
    "array @ tensor": lambda x: B.T @ x,
    "scalar * tensor": lambda x: np.float64(2) * x,
    "add.reduce": np.add.reduce,
    "add.reduce of all": lambda x: np.add.reduce(x, axis=None),
    "multiply.reduce": lambda x: np.multiply.reduce(x, axis=1),
    "maximum.reduce": lambda x: np.maximum.reduce(x, axis=1, keepdims=True),
    "add.accumulate": np.add.accumulate,
    "multiply.outer": lambda x: np.multiply.outer(x, B[0]),
    "sum": lambda x: np.sum(x, axis=1, keepdims=True),
    "mean": lambda x: np.mean(x, axis=0),
    "var": np.var,
    "var, ddof": lambda x: np.var(x, axis=1, ddof=1),
    "std": lambda x: np.std(x, axis=0),
    "prod": lambda x: np.prod(x, axis=(0, 1), keepdims=True),
    "max": lambda x: np.max(x, axis=1),
    "min": np.min,
    "cumsum": np.cumsum,
    "cumsum along": lambda x: np.cumsum(x, axis=1),
    "cumprod": lambda x: np.cumprod(x, axis=0),
    "sort": np.sort,
    "sort of all": lambda x: np.sort(x, axis=None),
    "clip": lambda x: np.clip(x, -0.5, None),
    "clip by name": lambda x: np.clip(x, min=-0.5, max=0.5),
    "transpose": np.transpose,
    "transpose axes": lambda x: np.transpose(x[None], (2, 0, 1)),
    "reshape": lambda x: np.reshape(x, (2, -1)),
    "ravel": np.ravel,
    "squeeze": lambda x: np.squeeze(np.expand_dims(x, (0, 2)), axis=2),
    "flip": np.flip,
    "flip along": lambda x: np.flip(x, 1),
    "roll": lambda x: np.roll(x, 2),
    "rot90": np.rot90,
    "tile": lambda x: np.tile(x, (2, 1)),
    "repeat": lambda x: np.repeat(x, 2, axis=1),
    "swapaxes": lambda x: np.swapaxes(x, 0, 1),
    "moveaxis": lambda x: np.moveaxis(x, 0, 1),
    "broadcast_to": lambda x: np.broadcast_to(x, (2, 3, 4)),
    "concatenate": lambda x: np.concatenate((B, x), axis=1),
    "concatenate all": lambda x: np.concatenate((B, x), axis=None),
    "stack": lambda x: np.stack([x, x], axis=-1),
    "vstack": lambda x: np.vstack([x, B]),
    "append": lambda x: np.append(x, B),
    "take": lambda x: np.take(x, [0, 2, 0], axis=1),
    "take flat": lambda x: np.take(x, [0, 2, 0]),
    "take_along_axis": lambda x: np.take_along_axis(x, np.argsort(B, 1), 1),
    "split": lambda x: np.split(x, 2, axis=1)[1],
    "array_split": lambda x: np.array_split(x, [1, 2], axis=1)[1],
    "where": lambda x: np.where(B > 0, x, 0.0),
    "diagonal": lambda x: np.diagonal(x, 1),
    "diag": lambda x: np.diag(x, 1),
    "tril": lambda x: np.tril(x, -1),
    "triu": lambda x: np.triu(x, k=1),
    "trace": lambda x: np.trace(x, 1),
    "outer": lambda x: np.outer(x, [1.0, 2.0]),
    "inner": lambda x: np.inner(x, B),
    "dot": lambda x: np.dot(x, B.T),
    "dot of a number": lambda x: np.dot(x, 2.0),
    "dot of many dims": lambda x: np.dot(np.ones((2, 5, 3)), x),
    "vdot": lambda x: np.vdot(x, B),
    "tensordot": lambda x: np.tensordot(x, B, axes=([0], [0])),
    "kron": lambda x: np.kron(x, np.array([[1.0, 2.0]])),
    "einsum": lambda x: np.einsum("ij,kj->ik", x, B),
    "matmul": lambda x: np.matmul(x, B.T),
    "diff": lambda x: np.diff(x, axis=0),
    "trapezoid": lambda x: np.trapezoid(x, dx=0.5, axis=0),
    "copy": np.copy,
    "meshgrid": lambda x: np.meshgrid(x[0], B[1])[0],
    "linalg.norm": np.linalg.norm,
    "linalg.norm along": lambda x: np.linalg.norm(x, axis=1, keepdims=True),
    "linalg.norm of a matrix": lambda x: np.linalg.norm(x, 1),
    "linalg.inv": lambda x: np.linalg.inv(x @ B.T + 9 * np.eye(3)),
    "linalg.solve": lambda x: np.linalg.solve(S, x),
    "linalg.cross": lambda x: np.linalg.cross(x[:, :3], B[:, :3]),
    "linalg.matrix_power": lambda x: np.linalg.matrix_power(x @ B.T, 2),
    "linalg.trace": lambda x: np.linalg.trace(x[None]),
}


@pytest.mark.parametrize("name", SAME)
def test_gives_what_numpy_gives_and_its_gradient(name):
    function = SAME[name]
    x = autograd.tensor(A, requires_grad=True)
    result = function(x)
    assert isinstance(result, Tensor)
    assert result.dtype == autograd.float64
    np.testing.assert_allclose(result.detach().numpy(), function(A), rtol=1e-9, atol=1e-12)
    weights = np.random.default_rng(3).standard_normal(result.shape)
    (result * autograd.tensor(weights)).sum().backward()
    step = 1e-6 * np.eye(A.size).reshape(-1, *A.shape)
    slopes = [np.sum(weights * (function(A + d) - function(A - d))) / 2e-6 for d in step]
    np.testing.assert_allclose(x.grad.numpy().ravel(), slopes, rtol=1e-5, atol=1e-7)


def test_asarray_shares_memory():
    x = autograd.tensor([1.0, 2.0])
    np.asarray(x)[0] = 5
    assert x.tolist() == [5, 2]
    assert np.array(x, dtype=np.float64).dtype == np.float64


def test_asarray_of_a_tensor_that_requires_grad_is_refused():
    x = autograd.tensor([1.0], requires_grad=True)
    for make in (np.asarray, lambda x: np.array([x, x])):
        with pytest.raises(GraphError, match="detach"):
            make(x)


def test_single_precision_stays():
    x = autograd.ones(2)
    for result in (np.float64(2) * x, np.array(2.0) * x, np.mean(x), np.stack([x, [1.5, 2.5]])):
        assert result.dtype == autograd.float32


def test_means_of_integers_have_the_default_dtype():
    x = autograd.tensor([1, 2])
    assert (np.mean(x).item(), np.var(x).item()) == (1.5, 0.25)
    assert np.std(x).dtype == autograd.float32


def test_writing_into_an_array():
    array = np.ones(2, np.float32)
    kept = array
    array += autograd.tensor([1.0, 2.0])
    assert kept.tolist() == [2, 3]
    with pytest.raises(GraphError, match=r"array = array \+ tensor"):
        array += autograd.tensor([1.0, 2.0], requires_grad=True)
    assert array.tolist() == [2, 3]


def test_writing_into_a_tensor_is_seen_by_backward():
    x = autograd.tensor([3.0], requires_grad=True)
    y = autograd.tensor([2.0])
    for write in (
        lambda: np.add(y, 1, out=y),
        lambda: np.copyto(y, 4),
        lambda: np.add.at(y, [0], 1),
        lambda: np.sum(np.ones((1, 1)), axis=0, out=y),
    ):
        product = x * y
        write()
        with pytest.raises(GraphError, match="changed in place"):
            product.sum().backward()


def test_writing_into_a_leaf_needs_no_grad():
    x = autograd.tensor([3.0], requires_grad=True)
    with pytest.raises(GraphError):
        np.add(x, 1, out=x)
    with autograd.no_grad():
        assert np.add(x, 1, out=x) is x
    assert x.tolist() == [4]


@pytest.mark.parametrize(
    "function",
    [
        np.cbrt,
        np.histogram,
        lambda x: np.sum(x, where=[True, False]),
        lambda x: np.add(x, 1, dtype=np.float64),
        lambda x: np.interp(x, [0, 1], [0, 1]),
        lambda x: np.concatenate([x, x], dtype="float32"),
    ],
)
def test_without_counterpart_only_without_gradient(function):
    x = autograd.tensor([0.5, 0.25], requires_grad=True)
    with pytest.raises(GraphError, match="no differentiable counterpart"):
        function(x)
    result = function(x.detach())
    first = result[0] if isinstance(result, tuple) else result
    assert isinstance(first, Tensor)


def test_what_has_no_gradient_takes_any_tensor():
    x = autograd.tensor([[1.0, 3.0, 2.0]], requires_grad=True)
    assert (np.shape(x), np.ndim(x), np.size(x)) == ((1, 3), 2, 3)
    assert np.argmax(x).item() == 1
    assert np.argsort(x).tolist() == [[0, 2, 1]]
    assert np.allclose(x, [[1, 3, 2]]) is True
    assert np.zeros_like(x).tolist() == [[0, 0, 0]]
    assert np.full_like(x, 2, dtype=np.int64).dtype == autograd.int64
    assert not np.ones_like(x).requires_grad
    assert np.array2string(x) == "[[1. 3. 2.]]"


def test_comparisons_are_elementwise_from_both_sides():
    x = autograd.tensor([1.0, 2.0])
    for result in (np.array([1.0, 0.0]) == x, np.equal([1.0, 0.0], x), np.less_equal(x, 1)):
        assert result.tolist() == [True, False]


def test_object_arrays_are_refused():
    with pytest.raises(TypeError, match="object"):
        np.ones(2, object) * autograd.ones(2)


def test_split_into_unequal_parts_is_refused():
    with pytest.raises(ShapeError, match="array_split"):
        np.split(autograd.ones(3), 2)


def test_squeeze_of_a_larger_dim_is_refused():
    with pytest.raises(ShapeError, match="size 1"):
        np.squeeze(autograd.ones(3), axis=0)


def test_unknown_types_get_their_turn():
    class Other:
        __array_ufunc__ = None

        def __rmul__(self, x):
            return "other"

        def __array_function__(self, function, types, args, kwargs):
            return "other"

    assert np.stack([autograd.ones(2), Other()]) == "other"


def test_dlpack_shares_memory_both_ways():
    torch = pytest.importorskip("torch")
    x = autograd.zeros(2)
    torch.from_dlpack(x)[0] = 7
    assert x.tolist() == [7, 0]
    theirs = torch.zeros(3, dtype=torch.int64)
    ours = autograd.from_dlpack(theirs)
    theirs[1] = 4
    assert ours.tolist() == [0, 4, 0]
    assert ours.dtype == autograd.int64
    assert np.shares_memory(np.from_dlpack(x), x.numpy())
    assert x.__dlpack_device__() == (1, 0)


def test_dlpack_refuses_what_can_not_be_shared():
    torch = pytest.importorskip("torch")
    with pytest.raises(GraphError, match="detach"):
        torch.from_dlpack(autograd.ones(2, requires_grad=True))
    with pytest.raises(BufferError):
        autograd.from_dlpack(torch.ones(2, requires_grad=True))
    with pytest.raises(TypeError, match="dtype"):
        autograd.from_dlpack(torch.ones(2, dtype=torch.bfloat16))
    with pytest.raises(TypeError, match="__dlpack__"):
        autograd.from_dlpack([1.0])
