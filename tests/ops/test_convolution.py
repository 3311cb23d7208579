"""Convolutions beyond the table: dtypes, memory, chunks, other layouts."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd.ops import convolution_columns
from autograd.ops.convolution import (
    conv1d,
    conv2d,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from autograd.ops.convolution_maps import _conv_transpose_and_weight
from autograd.ops.windows import Windows
from tests.ops.convolution_cases import convolve, spread


def draw(*shape, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, shape)


def leaf(array):
    return autograd.tensor(array, requires_grad=True)


@pytest.fixture(autouse=True, params=["by places", "by views"])
def way(request, monkeypatch):
    """Small images have their windows copied in another way than large ones."""
    if request.param == "by views":
        monkeypatch.setattr(convolution_columns, "SMALL", 0)


@pytest.mark.parametrize("dtype", ["float32", "int64", "complex128"])
def test_keeps_the_dtype(dtype):
    x, w = (draw(2, 3, 5, 5) * 9).astype(dtype), (draw(4, 3, 2, 2, seed=1) * 9).astype(dtype)
    out = conv2d(autograd.tensor(x), autograd.tensor(w))
    assert out.dtype == dtype
    np.testing.assert_allclose(out.numpy(), convolve(x, w), rtol=1e-4)


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_chunks_make_no_difference(monkeypatch, groups):
    x, w, y = draw(5, 4, 6, 6), draw(4, 4 // groups, 3, 3, seed=1), draw(5, 4, 2, 2, seed=2)

    def results():
        a, b, c = leaf(x), leaf(w), leaf(y)
        out = conv2d(a, b, stride=3, padding=1, groups=groups)
        back = conv_transpose2d(c, b, stride=3, groups=groups)
        (out.sum() + (back * back).sum()).backward()
        return out.detach(), back.detach(), a.grad, b.grad, c.grad

    whole = results()
    monkeypatch.setattr(convolution_columns, "COLUMNS", 1)
    for one, other in zip(whole, results()):
        np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-12)


def test_channels_last_input_gives_the_same():
    x, w = draw(2, 6, 5, 5), draw(3, 6, 3, 3, seed=1)
    last = np.moveaxis(np.ascontiguousarray(np.moveaxis(x, 1, -1)), -1, 1)
    one, other = (conv2d(autograd.from_numpy(a), autograd.tensor(w)) for a in (x, last))
    np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-12)


def test_the_transpose_is_the_adjoint():
    x, w, y = draw(2, 4, 7, 6), draw(6, 2, 3, 2, seed=1), draw(2, 6, 3, 3, seed=2)
    params = {"stride": (3, 2), "padding": (1, 0), "groups": 2}
    forth = np.sum(conv2d(autograd.tensor(x), autograd.tensor(w), **params).numpy() * y)
    back = conv_transpose2d(autograd.tensor(y), autograd.tensor(w), **params).numpy()
    np.testing.assert_allclose(np.sum(back * x[..., : back.shape[2], : back.shape[3]]), forth)


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize(("padding", "dilation", "window"), [(1, 1, 3), (2, 2, 3), (0, 1, 2)])
def test_both_gradients_from_one_copy_of_the_windows(groups, padding, dilation, window):
    generator = np.random.default_rng(0)
    windows = Windows((window,) * 2, (1, 1), ((padding,) * 2,) * 2, (dilation,) * 2)
    x = generator.standard_normal((2, 4, 4, 4))
    weight = generator.standard_normal((2, 4 // groups, window, window))
    y = generator.standard_normal((2, 2, *windows.counts((4, 4))))
    tensors = [autograd.tensor(array, requires_grad=True) for array in (x, weight, y)]

    def both(*args):
        return _conv_transpose_and_weight(*args, windows=windows, groups=groups)

    by_x, by_weight = both(x, weight, y)
    slid = convolve(x, weight, padding=padding, dilation=dilation, groups=groups)
    np.testing.assert_allclose(np.vdot(by_x, x), np.vdot(slid, y))
    np.testing.assert_allclose(np.vdot(by_weight, weight), np.vdot(slid, y))
    assert autograd.gradcheck(both, tensors)
    assert autograd.gradgradcheck(both, tensors)


def test_the_joint_gradients_are_those_of_each():
    generator = np.random.default_rng(1)
    shapes = ((2, 2, 4, 4), (3, 2, 3, 3), (3,))
    arrays = [generator.standard_normal(shape) for shape in shapes]
    for kind in (float, complex):
        together = [autograd.tensor(a.astype(kind), requires_grad=True) for a in arrays]
        out = autograd.conv2d(*together, padding=1)
        upstream = autograd.tensor(
            generator.standard_normal(out.shape) * {float: 1, complex: 1 + 2j}[kind]
        )
        assert out._edge.plan.joint
        found = autograd.grad(out, together, upstream)
        for i, one in enumerate(together):
            args = [each if each is one else each.detach() for each in together]
            out = autograd.conv2d(*args, padding=1)
            assert not out._edge.plan.joint
            (alone,) = autograd.grad(out, one, upstream)
            np.testing.assert_allclose(found[i].numpy(), alone.numpy(), rtol=1e-12, atol=1e-12)
        assert autograd.gradgradcheck(
            lambda *args: autograd.conv2d(*args, padding=1), together, rtol=1e-4, atol=1e-6
        )


def test_elements_that_no_window_reaches_get_no_gradient():
    x = leaf(np.ones((1, 1, 8)))
    conv1d(x, autograd.tensor(np.ones((1, 1, 2))), stride=5).sum().backward()
    assert x.grad.tolist() == [[[1, 1, 0, 0, 0, 1, 1, 0]]]


def test_empty_batch_gives_zero_gradient_by_the_weight():
    w, b = leaf(np.ones((2, 3, 2, 2))), leaf(np.ones(2))
    conv2d(autograd.tensor(np.ones((0, 3, 4, 4))), w, b).sum().backward()
    assert not w.grad.numpy().any()
    assert b.grad.tolist() == [0, 0]


def test_padding_larger_than_the_window():
    x, w = draw(1, 1, 3, 3), draw(1, 1, 2, 2, seed=1)
    out = conv2d(autograd.tensor(x), autograd.tensor(w), padding=4)
    np.testing.assert_allclose(out.numpy(), convolve(x, w, padding=4))
    cut = conv_transpose2d(autograd.tensor(draw(1, 1, 9, 9)), autograd.tensor(w), padding=4)
    np.testing.assert_allclose(cut.numpy(), spread(draw(1, 1, 9, 9), w, padding=4))


@pytest.mark.parametrize(("size", "window"), [(5, 1), (4, 2), (3, 1)])
def test_a_window_that_lies_in_the_padding(size, window):
    x, w = leaf(np.ones((1, 1, size))), leaf(np.ones((1, 1, window)))
    out = conv1d(x, w, stride=100, padding=3)
    out.sum().backward()
    assert out.tolist() == [[[0]]]
    assert x.grad.tolist() == [[[0] * size]]
    assert w.grad.tolist() == [[[0] * window]]


@pytest.mark.parametrize("dims", [1, 2, 3])
@pytest.mark.parametrize(
    ("stride", "padding", "dilation"), [(1, 1, 1), (1, 0, 2), (2, 1, 1), (3, 2, 2)]
)
def test_depthwise(dims, stride, padding, dilation):
    """Each channel with weights of its own: results, and all three gradients as sums."""
    forth = (conv1d, conv2d, conv3d)[dims - 1]
    back = (conv_transpose1d, conv_transpose2d, conv_transpose3d)[dims - 1]
    params = {"stride": stride, "padding": padding, "dilation": dilation, "groups": 3}
    x, w = draw(2, 3, *(6, 7, 5)[:dims]), draw(3, 1, *(3, 2, 2)[:dims], seed=1)
    expected = convolve(x, w, **params)
    a, b = leaf(x), leaf(w)
    out = forth(a, b, **params)
    np.testing.assert_allclose(out.detach().numpy(), expected, rtol=1e-12, atol=1e-15)
    y = draw(*out.shape, seed=2)
    out.backward(autograd.tensor(y))
    # The result is linear in each, so each gradient times its input is the result times y.
    for tensor in (a, b):
        total = np.sum(tensor.grad.numpy() * tensor.detach().numpy())
        np.testing.assert_allclose(total, np.sum(expected * y), rtol=1e-10)
    spread_out = back(autograd.tensor(y), autograd.tensor(w), **params).numpy()
    np.testing.assert_allclose(spread_out, spread(y, w, **params), rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("groups", [1, 2, 6])
@pytest.mark.parametrize(
    ("kernel", "stride", "padding"), [(1, 1, 0), (3, 1, 1), (3, 1, 0), (3, 2, 1)]
)
@pytest.mark.parametrize("order", ["first", "last", "strided"])
def test_memory_order_of_the_input_and_of_the_gradient(groups, kernel, stride, padding, order):
    def laid(array):
        if order == "last":
            return np.moveaxis(np.ascontiguousarray(np.moveaxis(array, 1, -1)), -1, 1)
        return np.repeat(array, 2, axis=3)[..., ::2] if order == "strided" else array

    params = {"stride": stride, "padding": padding, "groups": groups}
    x, w = draw(2, 6, 5, 6), draw(6, 6 // groups, kernel, kernel, seed=1)
    a, b = autograd.from_numpy(laid(x)).requires_grad_(), leaf(w)
    out = conv2d(a, b, **params)
    np.testing.assert_allclose(out.detach().numpy(), convolve(x, w, **params), atol=1e-12)
    assert np.moveaxis(out.detach().numpy(), 1, -1).flags.c_contiguous
    y = draw(*out.shape, seed=2)
    out.backward(autograd.from_numpy(laid(y)))
    back = spread(y, w, **params)
    np.testing.assert_allclose(
        a.grad.numpy()[..., : back.shape[2], : back.shape[3]], back, atol=1e-12
    )
    for place in np.ndindex(*w.shape):
        one = np.zeros(w.shape)
        one[place] = 1
        np.testing.assert_allclose(
            b.grad.numpy()[place], np.sum(convolve(x, one, **params) * y), atol=1e-12
        )
