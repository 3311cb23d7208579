"""The kernels for convolutions, against the definitions in double precision."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba")

import autograd
from autograd.errors import ShapeError
from autograd.kernels.compiled import (
    convolution,
    correlation,
    images,
    packing,
    vectors,
    winograd,
)
from autograd.ops.convolution_maps import (
    _conv,
    _conv_transpose,
    _conv_transpose_and_weight,
    _conv_weight,
)
from autograd.ops.windows import Windows
from tests.kernels.guards import Guards, guarding

LAYOUTS = ("channels last", "planes", "strided", "reversed")
ROOT = Path(__file__).parents[2]


class Problem:
    """Random arrays of fitting shapes, in guarded memory of random layouts, and the windows."""

    def __init__(self, guards: Guards, shapes: Any, windows: Windows, groups: int, dtype: Any):
        self.windows, self.groups = windows, int(groups)
        generator = guards.generator
        self.x, self.weight, self.bias, self.x_bias = (
            laid_out(guards, generator.uniform(-1, 1, shape).astype(dtype)) for shape in shapes
        )
        shape = (len(self.x), len(self.weight), *windows.counts(self.x.shape[2:]))
        self.y = laid_out(guards, generator.uniform(-1, 1, shape).astype(dtype))

    def check(self) -> None:
        """All three maps, with and without bias."""
        x, y, weight, common = self.x, self.y, self.weight, (self.windows, self.groups)
        for bias in (None, self.bias):
            self.agree(convolution.conv, _conv, x, weight, bias, *common)
        for bias in (None, self.x_bias):
            self.agree(convolution.conv_transpose, _conv_transpose, y, weight, bias, *common)
        self.agree(convolution.conv_weight, _conv_weight, x, y, *common)
        if max(self.windows.stride) == 1:
            for i in range(2):
                self.agree(
                    lambda *args, i=i: convolution.conv_transpose_and_weight(*args)[i],
                    lambda *args, i=i: _conv_transpose_and_weight(*args)[i],
                    *(x, weight, y, *common),
                )

    def agree(self, kernel: Any, operation: Any, *args: Any) -> None:
        result = kernel(*args)
        with autograd.kernels.use(None):
            exact = operation(*map(in_double, args))
        assert result.shape == exact.shape
        assert result.dtype == self.x.dtype
        error = np.abs(result - exact).max() / (np.abs(exact).max() or 1)
        assert error < 40 * np.finfo(self.x.dtype).eps, (error, self.windows, self.x.shape, args[0])


def in_double(value: Any) -> Any:
    return value.astype(np.float64) if isinstance(value, np.ndarray) else value


def laid_out(guards: Guards, values: Any) -> Any:
    layout = guards.generator.choice(LAYOUTS)
    order = (0, *range(2, values.ndim), 1) if layout == "channels last" else None
    order = order if values.ndim > 1 else None
    if layout == "reversed":
        return np.flip(guards.array(np.flip(values)))
    return guards.array(values, strided=layout == "strided", order=order)


def random_problem(guards: Guards, dtype: Any, groups: str) -> Problem:
    generator = guards.generator

    def numbers(low: int, high: int) -> Any:
        return tuple(int(n) for n in generator.integers(low, high, dims))

    while True:
        dims = int(generator.integers(1, 3))
        parts, inputs, outputs = 1, *generator.choice([1, 3, 8, 13, 16, 33, 40], 2)
        if groups == "depthwise":
            parts, inputs, outputs = inputs, 1, 1
        elif groups == "groups":
            parts, inputs, outputs = 3, *generator.choice([8, 11, 16], 2)
        kernel, stride, dilation, size = (
            numbers(*limits) for limits in ((1, 5), (1, 4), (1, 4), (1, 18))
        )
        padding = tuple(zip(numbers(0, 4), numbers(0, 4)))
        try:
            windows = Windows.over("", size, kernel, stride, padding, dilation)
        except ShapeError:
            continue
        if min(windows.size(windows.counts(size))) < 1:
            continue
        shapes = (
            (int(generator.integers(1, 5)), parts * inputs, *size),
            (parts * outputs, inputs, *kernel),
            (parts * outputs,),
            (parts * inputs,),
        )
        return Problem(guards, shapes, windows, parts, dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("groups", ["one", "groups", "depthwise"])
def test_all_maps(groups: str, dtype: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(40):
        with monkeypatch.context() as patch, guarding(patch.setattr, seed) as guards:
            random_problem(guards, dtype, groups).check()


def test_small_parts_on_several_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = autograd.get_num_threads()
    monkeypatch.setattr(packing, "LEAST", 1)
    monkeypatch.setattr(images, "CHUNK", 2000)
    monkeypatch.setattr(correlation, "RUN", 7)
    autograd.set_num_threads(3)
    try:
        for seed in range(40):
            with monkeypatch.context() as patch, guarding(patch.setattr, seed) as guards:
                random_problem(guards, np.float32, "one").check()
    finally:
        autograd.set_num_threads(threads)


def winograd_problem(guards: Guards) -> Problem:
    generator = guards.generator
    inputs, outputs = (int(n) for n in generator.choice([32, 48, 64], 2))
    size = tuple(int(n) for n in generator.integers(1, 14, 2))
    padding = tuple((int(b), int(a)) for b, a in generator.integers(1, 4, (2, 2)))
    windows = Windows((3, 3), (1, 1), padding, (1, 1))
    batch = int(generator.integers(1, 5))
    shapes = ((batch, inputs, *size), (outputs, inputs, 3, 3), (outputs,), (inputs,))
    return Problem(guards, shapes, windows, 1, np.float32)


@pytest.mark.parametrize("chunk", [1, winograd.CHUNK])
def test_winograd(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(winograd, "CHUNK", chunk)
    done = []
    for name in ("correlate", "correlate_weight"):
        monkeypatch.setattr(winograd, name, noting(getattr(winograd, name), done))
    for seed in range(15):
        with monkeypatch.context() as patch, guarding(patch.setattr, seed) as guards:
            winograd_problem(guards).check()
    assert done == [True] * 135


def noting(function: Any, results: list[bool]) -> Any:
    def run(*args: Any) -> Any:
        result = function(*args)
        results.append(result is not None and result is not False)
        return result

    return run


def test_larger_winograd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(winograd, "SIZE", 4)
    for seed in range(15):
        with monkeypatch.context() as patch, guarding(patch.setattr, seed) as guards:
            problem = winograd_problem(guards)
            common = (problem.windows, 1)
            for kernel, operation, *args in (
                (convolution.conv, _conv, problem.x, problem.weight, problem.bias),
                (convolution.conv_weight, _conv_weight, problem.x, problem.y),
            ):
                exact = operation.primitive.implementation(*map(in_double, args), *common)
                error = np.abs(kernel(*args, *common) - exact).max() / np.abs(exact).max()
                assert 1e-7 < error < 1e-4


def test_infinities_stay_where_they_belong(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in (np.inf, -np.inf, np.nan):
        with monkeypatch.context() as patch, guarding(patch.setattr) as guards:
            problem = winograd_problem(guards)
            problem.x[0, 3, 0, 0] = value
            guards.buffers.clear()  # we have changed an input
            args = (problem.x, problem.weight, None, problem.windows, 1)
            exact = _conv.primitive.implementation(*map(in_double, args))
            np.testing.assert_allclose(convolution.conv(*args), exact, rtol=1e-3, atol=1e-4)
            args = (problem.x, problem.y, problem.windows, 1)
            exact = _conv_weight.primitive.implementation(*map(in_double, args))
            np.testing.assert_allclose(convolution.conv_weight(*args), exact, rtol=1e-3, atol=1e-3)


def test_declines_what_it_does_not_handle() -> None:
    def convolve(x: Any, weight: Any, groups: int = 1) -> Any:
        windows = Windows.over("", x.shape[2:], weight.shape[2:], *_plain(x.ndim - 2))
        return convolution.conv(x, weight, None, windows, groups)

    x, weight = np.ones((1, 4, 5, 5), np.float32), np.ones((4, 4, 3, 3), np.float32)
    assert convolve(x, weight) is not NotImplemented
    for dtype in (np.float16, np.int64, np.complex64, ">f4"):
        assert convolve(x.astype(dtype), weight.astype(dtype)) is NotImplemented
    assert convolve(x, weight.astype(np.float64)) is NotImplemented
    assert convolve(x[:0], weight) is NotImplemented
    assert convolve(x, weight[:, :2], groups=2) is NotImplemented
    assert convolve(x[..., None], weight[..., None]) is NotImplemented


def test_declines_what_does_not_fit() -> None:
    ones = np.ones
    x, y, weight = ones((2, 4, 5, 5)), ones((2, 6, 3, 3)), ones((6, 4, 3, 3))
    windows = Windows((3, 3), (1, 1), ((0, 0), (0, 0)), (1, 1))
    for kernel, one, two, bias in (
        (convolution.conv, x, weight, 6),
        (convolution.conv_transpose, y, weight, 4),
    ):
        assert kernel(one, two, ones(bias), windows, 1).shape == (y if one is x else x).shape
        for wrong in (
            (one[:, 1:], two, None),
            (one, two[:, :, 1:], None),
            (one, two, ones(bias - 1)),
            (one[..., :0], two, None),
        ):
            assert kernel(*wrong, windows, 1) is NotImplemented
    assert convolution.conv_weight(x, y, windows, 1).shape == weight.shape
    for wrong in ((x[1:], y), (x, y[..., 1:]), (x[..., 1:], y)):
        assert convolution.conv_weight(*wrong, windows, 1) is NotImplemented
    for wrong in ((x[1:], weight, y), (x, weight[1:], y), (x, weight.astype(int), y)):
        assert convolution.conv_transpose_and_weight(*wrong, windows, 1) is NotImplemented


def _plain(dims: int) -> Any:
    return (1,) * dims, ((0, 0),) * dims, (1,) * dims


def test_read_only_arrays_give_the_same() -> None:
    x, weight = (np.arange(n, dtype=np.float32).reshape(1, -1, 6, 6) for n in (144, 144))
    expected = autograd.conv2d(autograd.tensor(x), autograd.tensor(weight)).numpy()
    x.flags.writeable = weight.flags.writeable = False
    with autograd.kernels.use("numba"):
        result = autograd.conv2d(autograd.from_numpy(x), autograd.from_numpy(weight))
    np.testing.assert_allclose(result.numpy(), expected, rtol=1e-6)


@pytest.mark.parametrize("stride", [1, 2])
def test_gradients_of_both_orders(stride: int) -> None:
    generator = np.random.default_rng(0)
    values = [
        generator.uniform(-1, 1, shape).astype(np.float32)
        for shape in ((2, 32, 6, 7), (48, 32, 3, 3), (48,))
    ]

    def gradients() -> list[Any]:
        x, weight, bias = leaves = [autograd.tensor(v, requires_grad=True) for v in values]
        y = autograd.conv2d(x, weight, bias, stride=stride, padding=1)
        first = autograd.grad((y * y).sum(), leaves, create_graph=True)
        second = autograd.grad(sum((g * g).sum() for g in first), leaves)
        return [y.detach(), *(g.detach() for g in first), *second]

    expected = gradients()
    with autograd.kernels.use("numba"):
        results = gradients()
    for one, other in zip(results, expected):
        scale = float(other.abs().max())
        np.testing.assert_allclose(one.numpy() / scale, other.numpy() / scale, atol=1e-5)


@pytest.mark.slow
@pytest.mark.skipif("+avx2" not in vectors.FEATURES, reason="AVX2")
@pytest.mark.parametrize("files", ["convolution", "attention recurrent"])
@pytest.mark.parametrize(
    ("cpu", "features", "width"), [("haswell", "+avx,+avx2,+fma", 32), ("x86-64", "+sse2", 16)]
)
def test_other_widths(cpu: str, features: str, width: int, files: str, tmp_path: Path) -> None:
    paths = [str(Path(__file__).with_name(f"test_{file}.py")) for file in files.split()]
    # Of the convolutions' tests two are enough; and this one must not call itself.
    chosen = "all_maps or winograd" if files == "convolution" else "not other_widths"
    program = (
        "import pytest\n"
        "from autograd.kernels.compiled import vectors\n"
        f"assert vectors.BYTES == {width}\n"
        f"raise SystemExit(pytest.main([*{paths}, '-q', '-n', '0', '-k', {chosen!r}]))\n"
    )
    names = {"CPU_NAME": cpu, "CPU_FEATURES": features, "CACHE_DIR": str(tmp_path)}
    environment = os.environ | {f"NUMBA_{name}": value for name, value in names.items()}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
