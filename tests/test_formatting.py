"""How tensors print; PyTorch is the oracle for the numbers."""

import numpy as np
import pytest

import autograd
from autograd import formatting


@pytest.fixture(autouse=True)
def default_options():
    yield
    autograd.set_printoptions(profile="default")


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: autograd.tensor([1.0, 2.0]), "tensor([1., 2.])"),
        (lambda: autograd.tensor([2.5, 5.0]), "tensor([2.5000, 5.0000])"),
        (lambda: autograd.tensor([[1, 2], [3, 4]]), "tensor([[1, 2],\n        [3, 4]])"),
        (lambda: autograd.tensor(12.0), "tensor(12.)"),
        (lambda: autograd.tensor([True, False]), "tensor([ True, False])"),
        (lambda: autograd.tensor([1.5, np.nan, np.inf]), "tensor([1.5000,    nan,    inf])"),
        (lambda: autograd.tensor([1 + 2j, 3.5 - 1j]), "tensor([1.0000+2.j, 3.5000-1.j])"),
        (lambda: autograd.ones(2, dtype="float64"), "tensor([1., 1.], dtype=float64)"),
        (lambda: autograd.ones(2, dtype="int32"), "tensor([1, 1], dtype=int32)"),
        (lambda: autograd.zeros(0), "tensor([])"),
        (lambda: autograd.zeros(0, 3), "tensor([], size=(0, 3))"),
        (lambda: autograd.zeros(0, dtype="int64"), "tensor([], dtype=int64)"),
        (lambda: autograd.ones(1, requires_grad=True), "tensor([1.], requires_grad=True)"),
        (lambda: autograd.ones(1, requires_grad=True) * 3, "tensor([3.], grad_fn=<mul>)"),
    ],
)
def test_repr(make, expected):
    assert repr(make()) == expected


def test_a_parameter_says_so():
    class Parameter(autograd.Tensor):
        __slots__ = ()

    x = autograd.ones(2, requires_grad=True)
    y = Parameter.__new__(Parameter)
    y._array, y._edge, y._version, y._sink = x._array, x._edge, None, None
    assert repr(y) == "Parameter containing:\ntensor([1., 1.], requires_grad=True)"


def test_the_default_dtype_is_not_shown():
    autograd.set_default_dtype("float64")
    try:
        assert repr(autograd.tensor([1.0, 2.0])) == "tensor([1., 2.])"
        assert repr(autograd.ones(1, dtype="float32")) == "tensor([1.], dtype=float32)"
    finally:
        autograd.set_default_dtype("float32")


def test_what_does_not_fit_goes_on_a_new_line():
    text = repr(autograd.full((8,), 0.123456, dtype="float64", requires_grad=True))
    assert text.endswith("0.1235],\n       dtype=float64, requires_grad=True)")
    assert max(map(len, text.splitlines())) <= 80


def _arrays():
    generator = np.random.default_rng(0)
    shapes = [(), (1,), (9,), (40,), (2, 3), (2, 3, 4), (2, 1, 2, 3), (1001,), (40, 50), (7, 8, 20)]
    for shape in shapes:
        for scale in (1, 1e-3, 1e-6, 1e3, 1e6, 1e10):
            yield np.asarray(generator.standard_normal(shape) * scale, np.float32)
        yield np.asarray(np.round(generator.standard_normal(shape) * 1e4), np.float32)
        yield np.asarray(generator.integers(-100, 1000, shape))
        yield np.asarray(generator.integers(0, 5, shape) > 2)
        parts = generator.standard_normal((2, *shape))
        yield np.asarray(parts[0] + 1j * parts[1], np.complex64)
        yield np.zeros(shape, np.float32)
    for values in ([0, np.inf], [np.nan], [-0.0, 1], [1e-10], [1e9], [-np.inf, 2], [1, 2000, 0.5]):
        yield np.array(values, np.float32)


def test_numbers_print_as_in_pytorch():
    torch = pytest.importorskip("torch")
    for array in _arrays():
        assert repr(autograd.tensor(array)) == repr(torch.tensor(array))


@pytest.mark.parametrize(
    "options",
    [
        {"precision": 2},
        {"threshold": 5, "edgeitems": 1},
        {"linewidth": 30},
        {"sci_mode": True},
        {"sci_mode": False},
        {"profile": "short"},
        {"profile": "full"},
    ],
)
def test_options_work_as_in_pytorch(options):
    torch = pytest.importorskip("torch")
    generator = np.random.default_rng(1)
    autograd.set_printoptions(**options)
    torch.set_printoptions(**options)
    try:
        for shape in ((), (30,), (4, 5), (35, 40)):
            array = np.asarray(generator.standard_normal(shape) * 1e-3, np.float32)
            assert repr(autograd.tensor(array)) == repr(torch.tensor(array))
    finally:
        torch.set_printoptions(profile="default", sci_mode=None)


def test_options_stay_until_changed():
    autograd.set_printoptions(precision=2)
    autograd.set_printoptions(edgeitems=1)
    assert formatting.get_printoptions()[:3] == (2, 1000, 1)
    with pytest.raises(autograd.ShapeError, match="profile"):
        autograd.set_printoptions(profile="tiny")
