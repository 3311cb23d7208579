"""Copies in other dtypes: identity, gradients, and what does not fit."""

import numpy as np
import pytest

import autograd
from autograd import DeviceError


def test_to_takes_its_arguments_in_every_form():
    x, other = autograd.ones(2), autograd.ones(1, dtype="float64")
    for result in (
        x.to(autograd.float64),
        x.to("float64"),
        x.to("cpu", autograd.float64),
        x.to(device="cpu", dtype=autograd.float64),
        x.to(autograd.float64, False, True),
        x.to(other),
        x.to(other=other),
        x.type_as(other),
        x.type(autograd.float64),
        x.double(),
    ):
        assert result.dtype == autograd.float64
    assert x.type() == "float32"


def test_what_is_already_there_is_returned():
    x = autograd.ones(2)
    for result in (x.to(autograd.float32), x.to("cpu"), x.cpu(), x.float(), x.to(x)):
        assert result is x


@pytest.mark.parametrize(
    "copy",
    [
        lambda x: x.clone(),
        lambda x: x.to(autograd.float32, copy=True),
        lambda x: x.to(autograd.float32, False, True),
        lambda x: x.to("cpu", copy=True),
    ],
)
def test_copies_have_their_own_memory(copy):
    x = autograd.ones(2, requires_grad=True)
    result = copy(x)
    assert not np.shares_memory(result.detach().numpy(), x.detach().numpy())
    result.sum().backward()
    assert x.grad.tolist() == [1, 1]


def test_clone_of_a_broadcast_tensor_can_be_written_to():
    x = autograd.broadcast_to(autograd.ones(1), (2, 3)).clone()
    x.numpy()[0, 0] = 5
    assert x.sum().item() == 10


def test_gradients_come_back_in_the_dtype_of_the_leaf():
    for dtype in (autograd.float64, autograd.float16, autograd.complex64):
        x = autograd.tensor([1.0, 2.0], requires_grad=True)
        y = x.to(dtype) * x.to(dtype)
        y.to(autograd.float32).sum().backward()
        assert x.grad.dtype == autograd.float32
        assert x.grad.tolist() == [2, 4]


def test_casts_can_be_differentiated_twice():
    x = autograd.tensor([1.0, 2.0], requires_grad=True)
    (first,) = autograd.grad((x.double() ** 3).sum(), x, create_graph=True)
    (second,) = autograd.grad(first.sum(), x)
    assert second.tolist() == [6, 12]


def test_casts_to_integers_have_no_gradient():
    x = autograd.tensor([1.5], requires_grad=True)
    for result in (x.long(), x.int(), x.short(), x.char(), x.byte(), x.bool()):
        assert not result.requires_grad


def test_what_does_not_fit_is_as_in_pytorch():
    torch = pytest.importorskip("torch")
    values = np.array([1e300, -1e300, np.nan, 0.1])
    for name in ("float", "half", "bool"):
        ours = getattr(autograd.tensor(values), name)().numpy()
        np.testing.assert_array_equal(ours, getattr(torch.tensor(values), name)().numpy())
    z = autograd.tensor([1.7 + 2j])
    assert z.to(autograd.float32).tolist() == [np.float32(1.7)]
    assert z.long().tolist() == [1]
    assert autograd.tensor([np.nan]).long().dtype == autograd.int64


def test_another_device_is_refused():
    x = autograd.ones(1)
    for move in (lambda: x.to("cuda"), lambda: x.to("cuda:1", autograd.float64), lambda: x.cuda()):
        with pytest.raises(DeviceError, match="only 'cpu'"):
            move()
