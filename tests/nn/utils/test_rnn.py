"""Padding and packing, against PyTorch's functions of the same names."""

import numpy as np
import pytest

import autograd
from autograd.errors import DTypeError, ShapeError
from nn.utils import rnn

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")
theirs_rnn = torch.nn.utils.rnn

LENGTHS = [3, 5, 1, 5, 2]
SORTED = sorted(LENGTHS, reverse=True)


def both(shape, dtype="float64"):
    array = (np.random.default_rng(0).standard_normal(shape) * 9).astype(dtype)
    return autograd.tensor(array), torch.tensor(array)


def sequences(lengths, rest=(2,), dtype="float64"):
    """Sequences of these lengths for each library."""
    pairs = [both((length, *rest), dtype) for length in lengths]
    return [list(library) for library in zip(*pairs)]


def assert_same(ours, theirs):
    if theirs is None or isinstance(theirs, (tuple, list)):
        assert (ours is None) == (theirs is None)
        assert len(ours or ()) == len(theirs or ())
        for part, other in zip(ours or (), theirs or ()):
            assert_same(part, other)
        return
    assert f"torch.{ours.dtype.name}" == str(theirs.dtype)
    np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


@pytest.mark.parametrize("enforce_sorted", [True, False])
@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("rest", [(), (2,), (2, 3)])
@pytest.mark.parametrize("dtype", ["float64", "float32", "int64"])
def test_packing_and_padding_again(enforce_sorted, batch_first, rest, dtype):
    lengths = SORTED if enforce_sorted else LENGTHS
    x, other = both((5, 6, *rest) if batch_first else (6, 5, *rest), dtype)
    packed = rnn.pack_padded_sequence(x, lengths, batch_first, enforce_sorted)
    expected = theirs_rnn.pack_padded_sequence(other, lengths, batch_first, enforce_sorted)
    assert_same(packed, expected)
    from_tensor = rnn.pack_padded_sequence(x, autograd.tensor(lengths), batch_first, enforce_sorted)
    assert_same(from_tensor, expected)
    for value, total in ((0.0, None), (-1.0, 7), (2, 5)):
        result = rnn.pad_packed_sequence(packed, batch_first, value, total)
        assert_same(result, theirs_rnn.pad_packed_sequence(expected, batch_first, value, total))
    assert_same(rnn.unpack_sequence(packed), theirs_rnn.unpack_sequence(expected))


@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("padding_side", ["left", "right"])
@pytest.mark.parametrize("dtype", ["float64", "int64"])
def test_pad_sequence(batch_first, padding_side, dtype):
    parts, others = sequences(LENGTHS, dtype=dtype)
    result = rnn.pad_sequence(parts, batch_first, 7, padding_side)
    expected = theirs_rnn.pad_sequence(others, batch_first, 7, padding_side)
    assert_same(result, expected)
    if padding_side == "right":
        assert_same(rnn.unpad_sequence(result, autograd.tensor(LENGTHS), batch_first), others)


def test_pad_sequence_of_one_tensor_and_of_an_iterator():
    x, other = both((3, 5, 2))
    assert_same(rnn.pad_sequence(x), theirs_rnn.pad_sequence(other))
    assert_same(rnn.pad_sequence(iter([x[0]])), other[:1].transpose(0, 1))


@pytest.mark.parametrize("enforce_sorted", [True, False])
def test_pack_sequence(enforce_sorted):
    parts, others = sequences(SORTED if enforce_sorted else LENGTHS)
    packed = rnn.pack_sequence(parts, enforce_sorted)
    assert_same(packed, theirs_rnn.pack_sequence(others, enforce_sorted))
    assert_same(rnn.unpack_sequence(packed), others)


def test_gradients_pass_through_packing():
    parts = [part.requires_grad_() for part in sequences(LENGTHS)[0]]
    padded, _ = rnn.pad_packed_sequence(rnn.pack_sequence(parts, False), padding_value=3.0)
    factors = np.random.default_rng(1).standard_normal(padded.shape)
    (padded * autograd.tensor(factors)).sum().backward()
    for i, part in enumerate(parts):
        np.testing.assert_array_equal(part.grad.numpy(), factors[: len(part), i])


def test_permutations():
    assert rnn.invert_permutation(None) is None
    permutation = autograd.tensor([2, 0, 3, 1])
    assert rnn.invert_permutation(permutation).tolist() == [1, 3, 0, 2]
    data, sizes = autograd.ones(3), autograd.tensor([2, 1])
    packed = rnn.PackedSequence(data, sizes, autograd.tensor([1, 0]))
    assert packed.unsorted_indices.tolist() == [1, 0]
    with pytest.raises(ShapeError, match="needs batch_sizes"):
        rnn.PackedSequence(data)


def test_conversions_change_the_data_alone():
    packed = rnn.pack_sequence(sequences(LENGTHS)[0], enforce_sorted=False)
    dtypes = {
        "double": "float64",
        "float": "float32",
        "half": "float16",
        "long": "int64",
        "int": "int32",
        "short": "int16",
        "char": "int8",
        "byte": "uint8",
    }
    for name, dtype in dtypes.items():
        converted = getattr(packed, name)()
        assert type(converted) is rnn.PackedSequence
        assert converted.data.dtype == dtype
        assert all(a is b for a, b in zip(converted[1:], packed[1:]))
    assert packed.to("float32").data.dtype == "float32"
    assert packed.cpu() is packed
    assert not packed.is_cuda


X = autograd.zeros(5, 3, 2)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: rnn.pack_padded_sequence(X, [3, 4, 5]), ShapeError, "enforce_sorted=False"),
        (lambda: rnn.pack_padded_sequence(X, [5, 4, 0]), ShapeError, "between 1 and the 5 steps"),
        (lambda: rnn.pack_padded_sequence(X, [6, 4, 1]), ShapeError, "between 1 and the 5 steps"),
        (lambda: rnn.pack_padded_sequence(X, [5, 4]), ShapeError, "one length for each"),
        (lambda: rnn.pack_padded_sequence(X[0, 0], [1, 1]), ShapeError, r"\(time, batch, ...\)"),
        (lambda: rnn.pack_sequence([X[0], X]), ShapeError, "differ in nothing but time"),
        (lambda: rnn.pad_sequence([]), ShapeError, "at least one sequence"),
        (lambda: rnn.pad_sequence(3), DTypeError, "list of tensors, got int"),
        (lambda: rnn.pad_sequence([X, 3]), DTypeError, "needs tensors, got int"),
        (lambda: rnn.pad_sequence([X, X[0]]), ShapeError, "differ in nothing but time"),
        (lambda: rnn.pad_sequence([X[0, 0, 0]]), ShapeError, "differ in nothing but time"),
        (lambda: rnn.pad_sequence([X], padding_side="top"), ShapeError, "'left' or 'right'"),
        (lambda: rnn.unpad_sequence(X, [5, 4]), ShapeError, "2 lengths for 3 sequences"),
        (
            lambda: rnn.pad_packed_sequence(rnn.pack_sequence([X]), total_length=4),
            ShapeError,
            "total_length is 4, but the longest sequence has 5 steps",
        ),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call()
