"""`autograd.profile`: what it counts, that its times add up, and that it leaves no trace."""

import gc
import threading

import numpy as np
import pytest

import autograd
import nn
from autograd.core import primitive as recording
from autograd.core.node import Node
from autograd.core.primitive import Primitive, primitive
from autograd.core.variable import Array
from autograd.errors import AutogradError, ShapeError
from nn.calling import Hooked


def engine():
    """What is exchanged while somebody observes."""
    parts = vars(recording)["record"], vars(Node)["gradients"], vars(Hooked)["__call__"]
    return (*parts, vars(Primitive).get("run"))


@pytest.fixture(autouse=True)
def _nothing_stays():
    before = engine()
    yield
    assert engine() == before
    assert before[-1] is None


def by_name(rows):
    return {row.name: row for row in rows}


def net():
    return nn.Sequential(nn.Dense(4, 8), nn.Sequential(nn.Tanh(), nn.Dense(8, 2)))


def test_operations_are_counted():
    x = autograd.ones(10, 4, requires_grad=True)
    with autograd.profile() as report:
        for _ in range(3):
            y = x * x
            y.sum().backward()
        y.reshape(-1)
        autograd.no_grad()(lambda: x.exp())()
    rows = by_name(report.operations)
    counted = {name: (row.calls, row.rules, row.bytes) for name, row in rows.items()}
    assert counted == {
        "mul": (3, 3, 3 * 160),
        "sum": (3, 3, 3 * 4),
        "reshape": (1, 0, 0),  # a view
        "exp": (1, 0, 160),
    }
    assert all(row.forward > 0 for row in rows.values())
    assert (rows["mul"].backward > 0, rows["exp"].backward) == (True, 0)
    assert report.elapsed >= sum(row.time for row in report.operations)


def test_an_operation_that_copies_makes_bytes_and_several_outputs_all_count():
    x = autograd.ones(4, 6)
    with autograd.profile() as report:
        x.T.reshape(-1)
        autograd.linalg.slogdet(x[:, :4].double())
        x.unbind()
    rows = by_name(report.operations)
    assert rows["reshape"].bytes == 96
    assert rows["slogdet"].bytes == 8 + 8
    assert rows["unbind"].bytes == 0  # views of x


def test_an_operation_within_another_is_part_of_it():
    @primitive(x=lambda g, x: autograd.exp(x) * g)
    def twice(x: Array) -> Array:
        return autograd.exp(x) + autograd.exp(x)

    x = autograd.ones(2, requires_grad=True)
    with autograd.profile() as report:
        twice(x).sum().backward()
    assert {row.name for row in report.operations} == {"twice", "sum"}


def test_modules_by_path_and_their_sums():
    model, loss = net(), nn.MSELoss()
    x = autograd.randn(5, 4)
    with autograd.profile() as report:
        for _ in range(2):
            loss(model(x), autograd.zeros(5, 2)).backward()
    rows = by_name(report.modules)
    assert list(rows) == [
        "Sequential",
        "Sequential.0",
        "Sequential.1",
        "Sequential.1.0",
        "Sequential.1.1",
        "MSELoss",
    ]
    assert [row.kind for row in report.modules][1:3] == ["Dense", "Sequential"]
    assert {row.calls for row in report.modules} == {2}
    assert rows["Sequential.0"].bytes == 2 * 160
    assert rows["Sequential"].bytes == 0
    assert rows["Sequential"].bytes_total == 2 * (160 + 160 + 40)
    inner = [row for name, row in rows.items() if name.startswith("Sequential")]
    for kind in ("forward", "backward"):
        total = getattr(rows["Sequential"], f"{kind}_total")
        assert total == pytest.approx(sum(getattr(row, kind) for row in inner))
        assert all(getattr(row, kind) >= 0 for row in inner)
    backward = sum(row.backward for row in report.modules)
    assert backward == pytest.approx(sum(row.backward for row in report.operations))
    assert rows["Sequential.1.0"].time == pytest.approx(rows["Sequential.1.0"].time_total)


def test_shared_modules_outermost_ones_of_one_class_and_ones_made_in_passing():
    class Passing(nn.Module):
        def forward(self, x):
            return nn.ReLU()(x)

    shared = nn.Dense(2, 2)
    x = autograd.ones(1, 2)
    with autograd.profile() as report:
        nn.Sequential(shared, nn.Tanh(), shared)(x)
        nn.Dense(2, 2)(x)
        nn.Dense(2, 2)(x)
        Passing()(x)
    calls = {row.name: row.calls for row in report.modules}
    assert calls == {
        "Sequential": 1,
        "Sequential.0": 2,
        "Sequential.1": 1,
        "Dense": 1,
        "Dense #2": 1,
        "Passing": 1,
        "ReLU": 1,
    }


def test_a_module_that_calls_itself_counts_its_total_once():
    class Countdown(nn.Module):
        def forward(self, x, n):
            return self(x.exp(), n - 1) if n else x

    with autograd.profile() as report:
        Countdown()(autograd.zeros(3), 4)
    (row,) = report.modules
    assert row.calls == 5
    assert row.bytes == row.bytes_total == 4 * 12
    assert row.forward == pytest.approx(row.forward_total)
    assert row.forward_total <= report.elapsed


def test_modules_keep_their_backward_in_checkpoints_and_second_derivatives():
    class Block(nn.Module):
        def __init__(self):
            self.inner = nn.Dense(3, 3)

        def forward(self, x):
            return autograd.checkpoint(self.inner, x)

    block = Block()
    x = autograd.ones(2, 3, requires_grad=True)
    with autograd.profile() as report:
        (g,) = autograd.grad(block(x).square().sum(), x, create_graph=True)
        g.sum().backward()
    rows = by_name(report.modules)
    assert rows["Block.inner"].calls == 1  # computing it again belongs to the backward
    assert rows["Block.inner"].backward > 0
    operations = by_name(report.operations)
    assert operations["segment"].rules >= 1
    assert all(row.backward >= 0 for row in report.operations)
    assert sum(row.time for row in report.operations) <= report.elapsed


def test_times_by_a_clock_that_only_operations_move(monkeypatch):
    clock = [0]

    def passes(seconds, value):
        clock[0] += seconds
        return value

    @primitive(x=lambda g: passes(100, g * 2))
    def slow(x: Array) -> Array:
        return passes(1, x * 2)

    class Slow(nn.Module):
        def forward(self, x):
            return slow(passes(10, x))

    class Block(nn.Module):
        def __init__(self, saves):
            self.inner, self.saves = Slow(), saves

        def forward(self, x):
            return autograd.checkpoint(self.inner, x) if self.saves else self.inner(slow(x))

    monkeypatch.setattr("autograd.observing.perf_counter", lambda: clock[0])
    x = autograd.ones(2, requires_grad=True)
    with autograd.profile() as report:
        Block(False)(x).sum().backward()
    assert [(row.forward, row.backward) for row in report.operations[:1]] == [(2, 200)]
    block, inner = report.modules
    assert (block.forward, block.forward_total) == (1, 12)
    assert (inner.forward, inner.forward_total) == (11, 11)
    assert (block.backward, block.backward_total) == (100, 200)
    assert (inner.backward, inner.backward_total) == (100, 100)

    with autograd.profile() as report:
        Block(True)(x).sum().backward()
    # What is computed again belongs to the segment's rule; the rules in there to their operation.
    times = {row.name: (row.forward, row.backward) for row in report.operations}
    assert times == {"slow": (1, 100), "segment": (0, 11), "sum": (0, 0)}
    block, inner = report.modules
    assert (block.backward, block.backward_total) == (11, 111)
    assert (inner.backward, inner.backward_total) == (100, 100)


def test_results_and_errors_are_the_same():
    def run():
        autograd.manual_seed(0)
        model = net()
        x = autograd.randn(5, 4, requires_grad=True)
        model(x).sum().backward()
        return [x.grad.numpy(), *(p.grad.numpy() for p in model.parameters())]

    def message():
        with pytest.raises(ShapeError) as caught:
            net()(autograd.ones(2, 3))
        with pytest.raises(TypeError) as other:
            nn.Sequential(nn.Softmax(0))(3.0)
        return str(caught.value), caught.value.__notes__, str(other.value), other.value.__notes__

    state = autograd.get_rng_state()
    expected, said = run(), message()
    with autograd.profile():
        found, says = run(), message()
    autograd.set_rng_state(state)
    for a, b in zip(found, expected):
        assert np.array_equal(a, b)
    assert says == said


def test_an_exception_ends_it_and_leaves_the_report():
    x = autograd.ones(3)

    def fail():
        with autograd.profile() as report:
            reports.append(report)
            x.exp()
            autograd.ones(2, 3) @ autograd.ones(2, 3)

    reports = []
    with pytest.raises(ShapeError, match="matmul"):
        fail()
    x.log()  # no longer counted
    assert [row.name for row in reports[0].operations] == ["exp"]
    assert reports[0].elapsed > 0


def test_one_at_a_time():
    with autograd.profile() as report:
        with pytest.raises(AutogradError, match="only one"), autograd.profile():
            raise AssertionError("entered")
        with pytest.raises(AutogradError, match="summary: only one"):
            nn.summary(net(), (1, 4))
        autograd.ones(2).exp()
    assert [row.name for row in report.operations] == ["exp"]
    with autograd.profile() as report:
        pass
    assert report.operations == report.modules == []
    assert "0 s" in str(report)


def test_with_kernels_chosen_before_and_inside(monkeypatch):
    from autograd import kernels

    exp = autograd.exp.primitive
    seen = []

    def kernel(x):
        seen.append(x)
        return np.exp(x)

    x = autograd.zeros(3)
    with kernels.use(None), monkeypatch.context() as patch:
        patch.setitem(kernels.SETS, "mine", "mine")
        patch.setattr(kernels, "_load", lambda name: {exp: kernel})
        with autograd.profile() as report:
            x.exp()
            kernels.use("mine")
            x.exp()
        x.exp()  # the kernel stays, unobserved
        assert len(seen) == 2
        assert vars(exp)["run"] is not exp.implementation
        with autograd.profile() as second:
            x.exp()
            kernels.use(None)
        assert exp.run is exp.implementation
    assert len(seen) == 3
    assert report.operations[0].calls == 2
    assert second.operations[0].calls == 1


def test_primitives_that_are_made_inside_or_hidden_from_the_collector():
    @primitive(x=lambda g: g)
    def before(x: Array) -> Array:
        return x + 1

    gc.freeze()
    try:
        with autograd.profile() as report:

            @primitive(x=lambda g: g)
            def inside(x: Array) -> Array:
                return x + 1

            inside(before(autograd.ones(2)))
    finally:
        gc.unfreeze()
    assert {row.name for row in report.operations} == {"before", "inside"}
    assert inside(before(autograd.zeros(1))).item() == 2


def test_threads_add_to_one_report():
    model = nn.Sequential(nn.Dense(3, 3), nn.Tanh())

    def work():
        for _ in range(50):
            model(autograd.ones(2, 3)).sum().backward()

    with autograd.profile() as report:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    counted = {row.name: (row.calls, row.rules) for row in report.operations}
    # Some gradients of the shared leaves are summed; what the walk does itself is not of a rule.
    assert counted["linear"] == counted["tanh"] == counted["sum"] == (200, 200)
    assert [(row.name, row.calls) for row in report.modules] == [
        ("Sequential", 200),
        ("Sequential.0", 200),
        ("Sequential.1", 200),
    ]
    assert report.modules[1].bytes == 200 * 24


def test_sorting_and_printing():
    x = autograd.ones(100, requires_grad=True)
    with autograd.profile() as report:
        (x.exp() * x[:1] + x).sum().backward()
        nn.Tanh()(x)
    sizes = [row.bytes for row in report.operations_by("bytes")]
    assert sizes == sorted(sizes, reverse=True)
    times = [row.time for row in report.operations]
    assert times == sorted(times, reverse=True)
    assert [row.name for row in report.modules_by("bytes_total")] == ["Tanh"]
    assert [row.name for row in report.modules_by("time_total")] == ["Tanh"]
    with pytest.raises(ShapeError, match="operations_by takes one of time, calls"):
        report.operations_by("name")
    with pytest.raises(ShapeError, match="modules_by takes one of"):
        report.modules_by("kind")
    text = str(report)
    assert text.splitlines()[0].split() == ["operation", "calls", "forward", "backward", "bytes"]
    more = len(report.operations) - 3
    assert f"... {more} more" in report.table(sort_by="bytes", limit=3)
    assert "more" not in report.table(limit=None)
    page = report._repr_html_()
    assert page.count("<table>") == page.count("</table>") == 2
    assert page.count("<tr>") == 2 + len(report.operations) + 1
    assert repr(report) == f"<Profile of {len(report.operations)} operations, 1 modules>"
