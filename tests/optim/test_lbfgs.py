"""L-BFGS: the same iterates as PyTorch's, on functions that are minimized for its sake."""

import copy

import numpy as np
import pytest

import autograd
import optim
from autograd.errors import ShapeError
from optim.line_search import Point, cubic_minimum, strong_wolfe

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")
torch.set_num_threads(1)

ROWS = [
    {},
    {"lr": 0.1, "max_iter": 5},
    {"lr": 0.01, "history_size": 3},
    {"tolerance_grad": 1e-1},
    {"lr": 0.1, "tolerance_change": 1e-2},
    {"line_search_fn": "strong_wolfe"},
    {"line_search_fn": "strong_wolfe", "lr": 0.01, "history_size": 2},
    {"line_search_fn": "strong_wolfe", "max_iter": 4, "max_eval": 7},
    {"line_search_fn": "strong_wolfe", "max_eval": 1},
    {"line_search_fn": "strong_wolfe", "lr": 30.0},
]


def rosenbrock(x, y):
    """A curved valley; its minimum is 0, at ones."""
    return ((1 - x) ** 2).sum() + 100 * ((y - x**2) ** 2).sum()


def quartic(x, y):
    return ((x * y.sum() - 2) ** 4).sum() + (y**2).sum()


def waves(x, y):
    return (x**2).sum() + (2 * x).sin().sum() / 3 + ((y - x) ** 2).sum() + y.cos().sum()


class Problem:
    """A function to minimize, in one of the libraries."""

    def __init__(self, library, function, params, starts):
        self.library = library
        self.params = [library.tensor(start, requires_grad=True) for start in starts]
        self.losses = []
        self.function = function
        module = optim if library is autograd else torch.optim
        self.optimizer = module.LBFGS(self.params, **params)

    def closure(self):
        self.optimizer.zero_grad()
        loss = self.function(*self.params)
        loss.backward()
        self.losses.append(loss.item())
        return loss

    def step(self):
        return self.optimizer.step(self.closure).item()

    def values(self):
        return np.concatenate([p.detach().numpy().ravel() for p in self.params])


def problems(function, params, starts):
    return [Problem(library, function, params, starts) for library in (autograd, torch)]


STARTS = [np.array([[-1.2, 0.5], [2.0, 0.1]]), np.array([[1.0, -0.3], [0.4, 2.5]])]


@pytest.mark.parametrize("function", [rosenbrock, quartic, waves])
@pytest.mark.parametrize("params", ROWS, ids=str)
def test_iterates_are_pytorchs(function, params):
    if function is rosenbrock and params.get("lr", 1) == 1 and "line_search_fn" not in params:
        pytest.skip("it diverges: rounding errors decide the iterates")
    ours, theirs = problems(function, params, STARTS)
    for _ in range(3):
        assert ours.step() == pytest.approx(theirs.step(), rel=1e-9, abs=1e-12)
        assert len(ours.losses) == len(theirs.losses)
        np.testing.assert_allclose(ours.losses, theirs.losses, rtol=1e-5, atol=1e-9)
        np.testing.assert_allclose(ours.values(), theirs.values(), rtol=1e-5, atol=1e-9)
    mine, yours = (problem.optimizer.state_dict()["state"][0] for problem in (ours, theirs))
    for key in ("n_iter", "func_evals"):
        assert mine[key] == yours[key]
    assert len(mine["old_dirs"]) == len(yours["old_dirs"])


def test_the_valley_of_rosenbrock_is_followed_to_its_end():
    ours, _ = problems(rosenbrock, {"line_search_fn": "strong_wolfe", "max_iter": 100}, STARTS)
    ours.step()
    np.testing.assert_allclose(ours.values(), 1, atol=1e-4)


def test_complex_parameters_missing_gradients_and_several_dtypes():
    starts = [np.array([1 + 2j, -0.5j]), np.float32(3), np.array([1.0])]

    def function(z, x, unused):
        return ((z - 1) * (z - 1).conj()).real.sum() + ((x - 2) ** 2).sum() + z.imag.sum() ** 4

    ours, theirs = problems(function, {"line_search_fn": "strong_wolfe"}, starts)
    for _ in range(2):
        ours.step(), theirs.step()
        for p, q in zip(ours.params, theirs.params):
            np.testing.assert_allclose(p.detach().numpy(), q.detach().numpy(), atol=1e-5)
    assert ours.params[2].tolist() == [1.0]


@pytest.mark.parametrize("source", ["ours", "theirs", "copy"])
def test_state_goes_on(source):
    params = {"lr": 0.5, "max_iter": 3, "history_size": 4}
    pair = problems(quartic, params, STARTS)
    for problem in pair:
        problem.step(), problem.step()
    starts = [p.detach().numpy().copy() for p in pair[0].params]
    resumed, _ = problems(quartic, {"lr": 9}, starts)
    if source == "copy":
        clone = copy.deepcopy(pair[0].optimizer)
        resumed.optimizer, resumed.params = clone, clone.param_groups[0]["params"]
    else:
        state = pair[source == "theirs"].optimizer.state_dict()
        resumed.optimizer.load_state_dict(state)
    for problem in (*pair, resumed):
        problem.step()
    np.testing.assert_allclose(resumed.values(), pair[1].values(), atol=1e-12)
    if source != "theirs":
        np.testing.assert_array_equal(resumed.values(), pair[0].values())


def test_pytorch_goes_on_from_our_state():
    params = {"lr": 0.5, "max_iter": 3}
    ours, theirs = problems(quartic, params, STARTS)
    ours.step()
    state = ours.optimizer.state_dict()

    def as_torch(value):
        if isinstance(value, list):
            return [as_torch(entry) for entry in value]
        return torch.tensor(value.numpy()) if isinstance(value, autograd.Tensor) else value

    entries = {key: as_torch(value) for key, value in state["state"][0].items()}
    theirs.optimizer.load_state_dict({**state, "state": {0: entries}})
    for p, q in zip(ours.params, theirs.params):
        q.data = torch.tensor(p.detach().numpy())
    ours.step(), theirs.step()
    np.testing.assert_allclose(ours.values(), theirs.values(), atol=1e-12)


def test_nothing_moves_where_the_gradient_is_zero():
    ours, _ = problems(lambda x: (x**2).sum(), {}, [np.zeros(2)])
    assert ours.step() == 0
    assert len(ours.losses) == 1


def test_bad_arguments():
    p, q = (autograd.ones(2, requires_grad=True) for _ in range(2))
    with pytest.raises(ShapeError, match="one parameter group only"):
        optim.LBFGS([{"params": p}, {"params": q}])
    with pytest.raises(ShapeError, match="strong_wolfe"):
        optim.LBFGS([p], line_search_fn="armijo")
    with pytest.raises(ShapeError, match="lr"):
        optim.LBFGS([p], lr=-1)
    with pytest.raises(ShapeError, match="needs a closure"):
        optim.LBFGS([p]).step()


def along(function, slope):
    return lambda t: Point(t, function(t), None, slope(t))


@pytest.mark.parametrize("t", [1e-3, 0.3, 1.0, 20.0])
def test_a_line_search_fulfils_the_strong_wolfe_conditions(t):
    evaluate = along(lambda t: np.cos(t) - 0.1 * t, lambda t: -np.sin(t) - 0.1)
    start = evaluate(0.0)
    found = strong_wolfe(evaluate, start, t, 1.0, 25)
    assert found.loss <= start.loss + 1e-4 * found.t * start.slope
    assert abs(found.slope) <= 0.9 * abs(start.slope)


def test_a_line_search_that_runs_out_of_rounds_returns_the_best_point():
    evaluate = along(lambda t: -t, lambda t: -1.0)
    assert strong_wolfe(evaluate, evaluate(0.0), 1.0, 1.0, 2).t > 1


def test_the_minimum_of_a_cubic():
    def cubic(t):
        return Point(t, t**3 - 3 * t, None, 3 * t**2 - 3)

    assert cubic_minimum(cubic(0.0), cubic(3.0), 0.0, 3.0) == pytest.approx(1)
    assert cubic_minimum(cubic(3.0), cubic(0.0), 1.5, 3.0) == 1.5
    # No minimum: a rising line with slopes that do not fit; and a point twice.
    assert cubic_minimum(Point(0.0, 0.0, None, 1.0), Point(1.0, 1.0, None, 1.0), 0.0, 1.0) in (
        0,
        0.5,
    )
    assert cubic_minimum(cubic(1.0), cubic(1.0), 0.0, 4.0) == 2
