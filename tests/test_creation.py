"""New tensors: values, dtypes and refusals, with PyTorch as the oracle."""

from collections import deque

import numpy as np
import pytest

import autograd
from autograd import DeviceError, DTypeError, GraphError, ShapeError

MAKING = {
    "float": lambda t: t.tensor(1.5),
    "int": lambda t: t.tensor([1, 2]),
    "bool": lambda t: t.tensor([True, False]),
    "bool and int": lambda t: t.tensor([True, 2]),
    "int and float": lambda t: t.tensor([[1, 2.5], [3, 4]]),
    "complex": lambda t: t.tensor([1, 2j]),
    "empty": lambda t: t.tensor([]),
    "empty rows": lambda t: t.tensor([[], []]),
    "tuples": lambda t: t.tensor(((1, 2), (3, 4))),
    "range": lambda t: t.tensor(range(3)),
    "array": lambda t: t.tensor(np.arange(6.0).reshape(2, 3).T),
    "NumPy scalar": lambda t: t.tensor(np.float64(1)),
    "NumPy scalars": lambda t: t.tensor([np.float64(1), 2]),
    "single and Python": lambda t: t.tensor([np.float32(1), 2.0]),
    "tensors": lambda t: t.tensor([t.tensor(1.0, dtype=t.float64), 2.0]),
    "given dtype": lambda t: t.tensor([1.9, -1.9], dtype=t.int64),
    "too large": lambda t: t.tensor([1e300], dtype=t.float32),
    "zeros": lambda t: t.zeros(2, 3),
    "zeros of a list": lambda t: t.zeros([2, 3], dtype=t.int32),
    "zeros of a size": lambda t: t.zeros(size=(2,)),
    "no dims": lambda t: t.ones(()),
    "sizes of other types": lambda t: t.ones(t.tensor(2), np.int64(3)),
    "full of int": lambda t: t.full((2,), 3),
    "full of float": lambda t: t.full((2, 0), 3.5),
    "full of bool": lambda t: t.full((), True),
    "full of a tensor": lambda t: t.full((2,), t.tensor(3)),
    "zeros_like": lambda t: t.zeros_like(t.tensor([1, 2])),
    "ones_like": lambda t: t.ones_like(t.tensor([1, 2]), dtype=t.float64),
    "full_like": lambda t: t.full_like(t.tensor([1, 2]), 2.7),
    "scalar_tensor": lambda t: t.scalar_tensor(3),
    "new_tensor": lambda t: t.ones(2, dtype=t.int32).new_tensor([1.5]),
    "new_zeros": lambda t: t.ones(2, dtype=t.int32).new_zeros(2, 2),
    "new_ones": lambda t: t.ones(2, dtype=t.float64).new_ones((2,)),
    "new_full": lambda t: t.ones(2).new_full((2,), 3),
    "eye": lambda t: t.eye(2, 3),
    "arange": lambda t: t.arange(5),
    "arange of floats": lambda t: t.arange(1, 2, 0.3),
    "arange down": lambda t: t.arange(5, 0, -2),
    "arange of nothing": lambda t: t.arange(3, 3),
    "arange of a tensor": lambda t: t.arange(t.tensor(3.0)),
    "arange to int64": lambda t: t.arange(0.5, 5, dtype=t.int64),
    "arange to int32": lambda t: t.arange(0.5, 5.2, dtype=t.int32),
    "arange beyond 2**53": lambda t: t.arange(2**60, 2**60 + 3),
    "linspace": lambda t: t.linspace(-3, 7.9, 7),
    "linspace of one": lambda t: t.linspace(2, 3, 1),
    "linspace of none": lambda t: t.linspace(2, 3, 0),
    "linspace of ints": lambda t: t.linspace(-3, 7.9, 4, dtype=t.int64),
    "linspace in half": lambda t: t.linspace(0, 1, 9, dtype=t.float16),
    "logspace of ints": lambda t: t.logspace(0, 3, 4, dtype=t.int64),
}


@pytest.mark.parametrize("name", MAKING)
def test_makes_what_pytorch_makes(name):
    torch = pytest.importorskip("torch")
    ours, theirs = MAKING[name](autograd), MAKING[name](torch)
    assert str(ours.dtype) == str(theirs.dtype).removeprefix("torch.")
    assert ours.shape == tuple(theirs.shape)
    np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


def test_linspace_rounds_as_pytorch_does():
    torch = pytest.importorskip("torch")
    generator = np.random.default_rng(0)
    for _ in range(100):
        (start, end), steps = generator.uniform(-5, 5, 2), int(generator.integers(2, 50))
        theirs = torch.linspace(start, end, steps).numpy()
        np.testing.assert_array_equal(autograd.linspace(start, end, steps).numpy(), theirs)
        logs = autograd.logspace(start, end, steps).numpy()
        np.testing.assert_allclose(logs, torch.logspace(start, end, steps).numpy(), rtol=3e-6)


def test_arange_differs_from_pytorch_by_rounding_alone():
    torch = pytest.importorskip("torch")
    generator = np.random.default_rng(0)
    for _ in range(100):
        start, end = generator.uniform(-5, 5, 2)
        step = float((end - start) / generator.uniform(1, 40))
        theirs = torch.arange(start, end, step).numpy()
        ours = autograd.arange(start, end, step).numpy()
        np.testing.assert_allclose(ours, theirs, rtol=3e-7, atol=1e-6)


def test_default_dtype_decides_for_floats():
    autograd.set_default_dtype(autograd.float64)
    try:
        for x in (autograd.tensor(1.5), autograd.zeros(1), autograd.full((1,), 0.5)):
            assert x.dtype == autograd.float64
        assert autograd.tensor(1j).dtype == autograd.complex128
        assert autograd.tensor(1).dtype == autograd.int64
    finally:
        autograd.set_default_dtype(autograd.float32)


def test_tensor_copies_and_forgets_the_history():
    array = np.ones((2, 3)).T
    x = autograd.tensor(array)
    assert not np.shares_memory(x.numpy(), array)
    assert x.is_contiguous()
    y = autograd.ones(2, requires_grad=True)
    copy = autograd.tensor(y)
    assert not copy.requires_grad
    assert not np.shares_memory(copy.numpy(), y.detach().numpy())


def test_a_list_of_tensors_does_not_lose_gradients():
    x = autograd.tensor(1.0, requires_grad=True)
    with pytest.raises(GraphError, match="stack"):
        autograd.tensor([x, 2.0])
    with autograd.no_grad():
        assert autograd.tensor([x, 2.0]).tolist() == [1, 2]
    with pytest.raises(ShapeError, match="stack"):
        autograd.tensor([autograd.tensor([1, 2]), autograd.tensor([3, 4])])


def test_other_sequences_and_buffers():
    assert autograd.tensor(deque([1, 2])).tolist() == [1, 2]
    assert autograd.tensor(memoryview(b"ab")).tolist() == [97, 98]
    assert autograd.tensor([range(2), (3, 4)]).tolist() == [[0, 1], [3, 4]]


def test_as_tensor_shares():
    array = np.zeros(2, np.float32)
    x = autograd.as_tensor(array)
    array[0] = 1
    assert x.tolist() == [1, 0]
    assert autograd.as_tensor(x) is x
    assert not np.shares_memory(autograd.as_tensor(array, dtype="float64").numpy(), array)
    leaf = autograd.ones(1, requires_grad=True)
    autograd.as_tensor(leaf, dtype="float64").sum().backward()
    assert leaf.grad.tolist() == [1]


def test_asarray_shares_as_asked():
    array = np.zeros(2, np.float32)
    assert np.shares_memory(autograd.asarray(array).numpy(), array)
    assert not np.shares_memory(autograd.asarray(array, copy=True).numpy(), array)
    for copied in (
        lambda: autograd.asarray([1.0], copy=False),
        lambda: autograd.asarray(array, dtype="float64", copy=False),
    ):
        with pytest.raises(ShapeError, match="copy=False"):
            copied()
    leaf = autograd.ones(1, requires_grad=True)
    assert autograd.asarray(leaf) is leaf
    assert not autograd.asarray(leaf, requires_grad=False).requires_grad
    autograd.asarray(leaf * 2, copy=True).sum().backward()
    assert leaf.grad.tolist() == [2.0]
    assert autograd.asarray(array, requires_grad=True).is_leaf
    plain = autograd.ones(1)
    assert autograd.asarray(plain) is plain


def test_like_keeps_the_shape_of_a_broadcast_tensor_but_not_its_memory():
    x = autograd.broadcast_to(autograd.ones(1), (2, 3))
    y = autograd.zeros_like(x)
    y.numpy()[0, 0] = 1
    assert y.sum().item() == 1


def test_requires_grad_makes_a_leaf():
    for x in (autograd.tensor([1.0], requires_grad=True), autograd.zeros(1, requires_grad=True)):
        assert x.requires_grad
        assert x.is_leaf


REFUSED = {
    "ragged": (lambda: autograd.tensor([[1], [1, 2]]), ShapeError, r"data\[1\] has \(2,\)"),
    "ragged below": (lambda: autograd.tensor([[[1]], [[1, 2]]]), ShapeError, "same shape"),
    "number and list": (lambda: autograd.tensor([1, [2]]), ShapeError, "same shape"),
    "string": (lambda: autograd.tensor("a"), DTypeError, "got str"),
    "strings": (lambda: autograd.tensor(["a"]), DTypeError, "got str"),
    "None": (lambda: autograd.tensor([1, None]), DTypeError, "got NoneType"),
    "dict": (lambda: autograd.tensor({}), DTypeError, "got dict"),
    "too large int": (lambda: autograd.tensor([2**70]), DTypeError, "int64"),
    "out of range": (lambda: autograd.tensor([300], dtype="uint8"), DTypeError, "uint8"),
    "nan as int": (lambda: autograd.tensor([float("nan")], dtype="int64"), DTypeError, "int64"),
    "complex as float": (lambda: autograd.tensor([1j], dtype="float32"), DTypeError, ".real"),
    "complex array": (lambda: autograd.tensor(np.ones(1) * 1j, dtype="int8"), DTypeError, "real"),
    "uint16": (lambda: autograd.from_numpy(np.ones(1, np.uint16)), DTypeError, "int64"),
    "object": (lambda: autograd.tensor(np.ones(1, object)), DTypeError, "float64"),
    "datetime": (lambda: autograd.tensor(np.zeros(1, "M8[s]")), DTypeError, "datetime64"),
    "longdouble": (lambda: autograd.tensor(np.ones(1, np.longdouble)), DTypeError, "float64"),
    "byte order": (lambda: autograd.tensor(np.ones(1, ">f4")), DTypeError, "newbyteorder"),
    "no array": (lambda: autograd.from_numpy([1]), DTypeError, r"tensor\(\)"),
    "no size": (lambda: autograd.zeros(), DTypeError, r"\(\)"),
    "negative size": (lambda: autograd.ones(2, -1), ShapeError, "negative"),
    "float size": (lambda: autograd.zeros(2.0), DTypeError, "integers"),
    "bool size": (lambda: autograd.zeros(True), DTypeError, "integers"),
    "int for a tuple": (lambda: autograd.full(3, 1.0), DTypeError, r"\(3,\)"),
    "string to fill": (lambda: autograd.full((1,), "a"), DTypeError, "number"),
    "two numbers to fill": (lambda: autograd.full((1,), autograd.ones(2)), DTypeError, "number"),
    "full out of range": (lambda: autograd.full((1,), 300, dtype="uint8"), DTypeError, "uint8"),
    "like a list": (lambda: autograd.zeros_like([1]), DTypeError, "tensor"),
    "step 0": (lambda: autograd.arange(0, 5, 0), ShapeError, "step 0"),
    "wrong way": (lambda: autograd.arange(5, 0), ShapeError, "does not lead"),
    "infinite": (lambda: autograd.arange(float("inf")), ShapeError, "finite"),
    "negative steps": (lambda: autograd.linspace(0, 1, -1), ShapeError, "negative"),
    "negative eye": (lambda: autograd.eye(-1), ShapeError, "negative"),
    "device": (lambda: autograd.zeros(1, device="cuda"), DeviceError, "cpu"),
    "tensor's device": (lambda: autograd.tensor(1.0, device="cuda:0"), DeviceError, "cpu"),
    "integer leaf": (lambda: autograd.tensor([1], requires_grad=True), DTypeError, "float32"),
    "unknown parameter": (lambda: autograd.zeros(1, color="red"), DTypeError, "color"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name):
    make, error, message = REFUSED[name]
    with pytest.raises(error, match=message):
        make()
