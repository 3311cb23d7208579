"""Every loss and distance against PyTorch's: values, gradients of all inputs, state dict, repr."""

import warnings

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import DTypeError, ShapeError

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")

REDUCTIONS = ("mean", "sum", "none")
R = np.random.default_rng(0)
X, Y, Z = (R.standard_normal((4, 5)) for _ in range(3))
P, Q = (R.uniform(0.05, 0.95, (4, 5)) for _ in range(2))
SIGNS = R.choice([-1.0, 1.0], (4, 5))
CLASSES = R.integers(0, 5, 4)
IMAGE, PIXELS = R.standard_normal((2, 5, 3, 2)), R.integers(0, 5, (2, 3, 2))
WEIGHT = R.uniform(0.5, 2.0, 5)
EMPTY, NONE = np.zeros((0, 5)), np.zeros((0,), np.int64)
LOGS = np.log(R.dirichlet(np.ones(6), (7, 3)))  # (time, n, classes)


def distance_rows():
    yield "CosineSimilarity", {}, [X, Y]
    yield "CosineSimilarity", {"dim": -1, "eps": 0.5}, [X[:, None], Y[None]]
    yield "CosineSimilarity", {"dim": 0}, [X[0], Y[0]]
    yield "PairwiseDistance", {}, [X, Y]
    for p in (1.0, 3.0, float("inf")):
        yield "PairwiseDistance", {"p": p, "eps": 0.1, "keepdim": True}, [X[:, None], Y[None]]
    yield "PairwiseDistance", {}, [X[0], Y[0]]


def elementwise_rows():
    """Every reduction of each, on a matrix, on numbers, and on nothing."""
    pairs = {
        "MSELoss": [(X, Y)],
        "L1Loss": [(X, Y)],
        "SmoothL1Loss": [(X, Y)],
        "HuberLoss": [(X, Y)],
        "BCELoss": [(P, Q)],
        "BCEWithLogitsLoss": [(X, Q)],
        "KLDivLoss": [(np.log(P), Q)],
        "PoissonNLLLoss": [(X, 4 * P)],
        "SoftMarginLoss": [(X, SIGNS.astype(int))],
        "HingeEmbeddingLoss": [(X, SIGNS), (X, SIGNS[:1])],
        "MultiLabelSoftMarginLoss": [(X, Q)],
    }
    for name, inputs in pairs.items():
        for arrays in inputs:
            for reduction in REDUCTIONS:
                yield name, {"reduction": reduction}, list(arrays)
        if name != "MultiLabelSoftMarginLoss":  # whose classes need a dim
            yield name, {}, [array[0, 0] for array in inputs[0]]
        yield name, {"reduction": "sum"}, [array[:0] for array in inputs[0]]


def number_rows():
    yield "SmoothL1Loss", {"beta": 0.2}, [X, Y]
    yield "SmoothL1Loss", {"beta": 0.0}, [X, Y]
    yield "HuberLoss", {"delta": 0.2}, [X, Y]
    yield "BCELoss", {"weight": WEIGHT}, [P, Q]
    yield "BCEWithLogitsLoss", {"weight": WEIGHT, "pos_weight": WEIGHT[::-1].copy()}, [X, Q]
    for of_logs in (False, True):
        batchmean = {"reduction": "batchmean", "log_target": of_logs}
        yield "KLDivLoss", batchmean, [np.log(P), np.log(Q) if of_logs else Q]
    for params in ({"full": True}, {"log_input": False}, {"log_input": False, "eps": 0.1}):
        yield "PoissonNLLLoss", params, [P, 4 * Q]
    for reduction in REDUCTIONS:
        yield "GaussianNLLLoss", {"reduction": reduction, "full": True}, [X, Y, P]
    for var in (P[:, :1], P[:, 0], P[:1]):
        yield "GaussianNLLLoss", {"eps": 0.3}, [X, Y, var]
    yield "GaussianNLLLoss", {}, [X, Y[:, :1], 0.5]


def class_rows():
    for name, x, image in (
        ("CrossEntropyLoss", X, IMAGE),
        ("NLLLoss", np.log(P), np.log(np.abs(IMAGE))),
    ):
        for reduction in REDUCTIONS:
            for params in ({}, {"weight": WEIGHT}, {"weight": WEIGHT, "ignore_index": 2}):
                yield name, {"reduction": reduction, **params}, [x, CLASSES]
                yield name, {"reduction": reduction, **params}, [image, PIXELS]
            yield name, {"reduction": reduction}, [EMPTY, NONE]
        yield name, {}, [x[0], CLASSES[0]]
    for reduction in REDUCTIONS:
        smooth = {"reduction": reduction, "label_smoothing": 0.2}
        yield "CrossEntropyLoss", smooth, [X, CLASSES]
        yield "CrossEntropyLoss", {**smooth, "weight": WEIGHT, "ignore_index": 1}, [IMAGE, PIXELS]
        yield "CrossEntropyLoss", smooth, [X, Q]
        yield "CrossEntropyLoss", {**smooth, "weight": WEIGHT}, [IMAGE, np.abs(IMAGE)]
    yield "CrossEntropyLoss", {}, [X[0], Q[0]]


def margin_rows():
    for reduction in REDUCTIONS:
        params = {"reduction": reduction}
        yield "MarginRankingLoss", {"margin": 0.5, **params}, [X, Y, SIGNS]
        yield "CosineEmbeddingLoss", {"margin": -0.2, **params}, [X, Y, SIGNS[:, 0]]
        yield "TripletMarginLoss", params, [X, Y, Z]
        yield "TripletMarginWithDistanceLoss", params, [X, Y, Z]
        for p, weight in ((1, None), (2, None), (1, WEIGHT), (2, WEIGHT)):
            yield "MultiMarginLoss", {"p": p, "weight": weight, **params}, [X, CLASSES]
        labels = np.array([[3, 0, -1, 2, 1], [1, 1, 2, 0, -1], [-1] * 5, [4, 3, 2, 1, 0]])
        yield "MultiLabelMarginLoss", params, [X, labels]
        yield "MultiLabelMarginLoss", params, [X[0], labels[0]]
    yield "MarginRankingLoss", {}, [X, Y[:, :1], SIGNS[:1]]
    yield "MarginRankingLoss", {}, [X[0, 0], Y[0, 0], SIGNS[0, 0]]
    yield "CosineEmbeddingLoss", {}, [X[0], Y[0], SIGNS[0, 0]]
    yield "MultiMarginLoss", {"margin": -1.0}, [X, CLASSES]
    yield "MultiMarginLoss", {}, [X[0], CLASSES[0]]
    yield "MultiMarginLoss", {}, [X[0, 0], np.array(0)]
    yield "MultiLabelMarginLoss", {}, [X[0, 0], np.array(-1)]
    yield "MultiLabelSoftMarginLoss", {"weight": WEIGHT}, [X, Q]
    yield "TripletMarginLoss", {"margin": 0.5, "p": 1.0, "eps": 0.1, "swap": True}, [X, Y, Z]
    yield "TripletMarginLoss", {}, [X[0], Y[0], Z[0]]
    yield "TripletMarginWithDistanceLoss", {"margin": 2.0, "swap": True}, [X, Y, Z]


def ctc_rows():
    targets = np.array([[1, 2, 2], [3, 0, 0], [5, 4, 0]])
    for reduction in REDUCTIONS:
        params = {"reduction": reduction}
        yield "CTCLoss", params, [LOGS, targets, np.array([7, 5, 4]), np.array([3, 1, 2])]
        joined = np.array([1, 2, 2, 3, 5, 4])
        yield "CTCLoss", params, [LOGS, joined, np.array([7, 5, 4]), np.array([3, 1, 2])]
        impossible = [LOGS, targets, (7, 3, 1), (3, 0, 2)]
        yield "CTCLoss", {"zero_infinity": True, **params}, impossible
        yield "CTCLoss", {"blank": 5, **params}, [LOGS[:, 0], targets[0], np.array(7), np.array(3)]
    yield "CTCLoss", {}, [LOGS, NONE, (7, 5, 0), (0, 0, 0)]


ROWS = [
    row
    for rows in (distance_rows, elementwise_rows, number_rows, class_rows, margin_rows, ctc_rows)
    for row in rows()
]


def tensors(library, values):
    """Arrays as tensors, which require gradients if they are floating."""
    return [
        library.tensor(value, requires_grad=value.dtype.kind == "f")
        if isinstance(value, (np.ndarray, np.generic))
        else value
        for value in values
    ]


def construct(library, name, params):
    given = {
        key: library.tensor(value) if isinstance(value, np.ndarray) else value
        for key, value in params.items()
    }
    module = nn if library is autograd else torch.nn
    return getattr(module, name)(**given)


def assert_agree(ours, theirs, inputs):
    """Values, dtypes and all gradients, also those of parameters, are the same."""
    xs, ts = tensors(autograd, inputs), tensors(torch, inputs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of PyTorch's mean in KLDivLoss
        result, expected = ours(*xs), theirs(*ts)
    assert result.shape == tuple(expected.shape)
    np.testing.assert_allclose(result.detach().numpy(), expected.detach().numpy(), atol=1e-12)
    g = np.asarray(np.random.default_rng(1).standard_normal(tuple(expected.shape)))
    result.backward(autograd.tensor(g))
    expected.backward(torch.tensor(g))
    for x, t in zip(xs, ts):
        if getattr(t, "grad", None) is not None:
            np.testing.assert_allclose(x.grad.numpy(), t.grad.numpy(), atol=1e-10)
    for p, q in zip(ours.parameters(), theirs.parameters()):
        np.testing.assert_allclose(p.grad.numpy(), q.grad.numpy(), atol=1e-10)


@pytest.mark.parametrize(("name", "params", "inputs"), ROWS, ids=[row[0] for row in ROWS])
def test_loss_agrees_with_pytorch(name, params, inputs):
    ours, theirs = construct(autograd, name, params), construct(torch, name, params)
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert_agree(ours, theirs, inputs)


def test_losses_agree_on_the_inputs_that_pytorch_tests_its_own_with():
    from torch.testing._internal.common_modules import module_db

    from tests.parity.translate import differences, ours

    torch.manual_seed(0)
    count = 0
    for info in module_db:
        name = info.module_cls.__name__
        if not name.endswith("Loss"):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            samples = info.module_inputs_func(info, "cpu", torch.float64, False, True)
            for sample in samples:
                made, given = sample.constructor_input, sample.forward_input
                theirs = info.module_cls(*made.args, **made.kwargs).double()
                mine = getattr(nn, name)(*ours(made.args), **ours(made.kwargs)).double()
                mine.load_state_dict(ours(theirs.state_dict()))
                wrong = differences(
                    mine(*ours(given.args), **ours(given.kwargs)),
                    theirs(*given.args, **given.kwargs),
                )
                assert list(wrong) == [], f"{name}: {sample.desc}"
                count += 1
    assert count > 200


# -- an affine map inside --------------------------------------------------------------------------


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("chunk", [None, 1, 3, 7])
def test_linear_cross_entropy_agrees_with_pytorch(reduction, chunk):
    params = {"reduction": reduction, "bias": True, "ignore_index": 1}
    theirs = torch.nn.LinearCrossEntropyLoss(5, 6, weight=torch.ones(6) * 2, **params).double()
    options = None if chunk is None else nn.LinearCrossEntropyOptions(batch_chunk_size=chunk)
    weight = autograd.ones(6) * 2
    ours = nn.LinearCrossEntropyLoss(5, 6, weight=weight, options=options, **params).double()
    ours.load_state_dict(
        {key: autograd.tensor(t.numpy()) for key, t in theirs.state_dict().items()}
    )
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert_agree(ours, theirs, [X, np.array([0, 1, 5, 2])])


def test_linear_cross_entropy_of_places_agrees_with_pytorch():
    params = {"out_features": (3, 2), "bias": True, "label_smoothing": 0.1}
    theirs = torch.nn.LinearCrossEntropyLoss(5, 4, **params).double()
    ours = nn.LinearCrossEntropyLoss(5, 4, **params).double()
    ours.load_state_dict(
        {key: autograd.tensor(t.numpy()) for key, t in theirs.state_dict().items()}
    )
    assert repr(ours).replace("Dense", "Linear") == repr(theirs)
    assert_agree(ours, theirs, [X, R.integers(0, 4, (4, 3, 2))])
    assert_agree(ours, theirs, [X, R.dirichlet(np.ones(4), (4, 3, 2)).transpose(0, 3, 1, 2)])


# -- the adaptive softmax --------------------------------------------------------------------------


@pytest.fixture
def softmaxes():
    params = {"in_features": 8, "n_classes": 20, "cutoffs": [4, 9, 15], "head_bias": True}
    params["div_value"] = 2.0
    theirs = torch.nn.AdaptiveLogSoftmaxWithLoss(**params).double()
    ours = nn.AdaptiveLogSoftmaxWithLoss(**params).double()
    assert list(ours.state_dict()) == list(theirs.state_dict())
    ours.load_state_dict(
        {key: autograd.tensor(t.numpy()) for key, t in theirs.state_dict().items()}
    )
    return ours, theirs


@pytest.mark.parametrize("target", [[0, 3, 4, 19, 9, 10], [1, 2, 3, 0, 0, 1], [16] * 6])
def test_adaptive_softmax_agrees_with_pytorch(softmaxes, target):
    ours, theirs = softmaxes
    assert repr(ours).replace("Dense", "Linear") == repr(theirs)
    array = R.standard_normal((6, 8))
    x, t = autograd.tensor(array, requires_grad=True), torch.tensor(array, requires_grad=True)
    result, expected = ours(x, autograd.tensor(target)), theirs(t, torch.tensor(target))
    np.testing.assert_allclose(result.output.tolist(), expected.output.tolist(), atol=1e-12)
    np.testing.assert_allclose(result.loss.item(), expected.loss.item(), atol=1e-12)
    (result.loss + result.output.square().sum()).backward()
    (expected.loss + expected.output.square().sum()).backward()
    np.testing.assert_allclose(x.grad.numpy(), t.grad.numpy(), atol=1e-10)
    for p, q in zip(ours.parameters(), theirs.parameters()):
        assert (p.grad is None) == (q.grad is None)
        if p.grad is not None:
            np.testing.assert_allclose(p.grad.numpy(), q.grad.numpy(), atol=1e-10)


def test_adaptive_softmax_of_one_and_of_all_classes(softmaxes):
    ours, theirs = softmaxes
    array = R.standard_normal((6, 8))
    x, t = autograd.tensor(array), torch.tensor(array)
    np.testing.assert_allclose(
        ours.log_prob(x).detach().numpy(), theirs.log_prob(t).detach().numpy(), atol=1e-12
    )
    np.testing.assert_allclose(ours.log_prob(x).exp().sum(1).tolist(), np.ones(6))
    assert ours.predict(x).tolist() == theirs.predict(t).tolist()
    one, other = ours(x[0], autograd.tensor(12)), theirs(t[0], torch.tensor(12))
    assert one.output.shape == ()
    np.testing.assert_allclose(one.output.item(), other.output.item())


@pytest.mark.parametrize("cutoffs", [[], [0, 5], [5, 3], [5, 5], [20], [2.5]])
def test_adaptive_softmax_refuses_cutoffs_that_split_nothing(cutoffs):
    with pytest.raises(ShapeError, match="cutoffs must be increasing integers"):
        nn.AdaptiveLogSoftmaxWithLoss(8, 20, cutoffs)


def test_adaptive_softmax_refuses_targets_that_do_not_fit():
    softmax = nn.AdaptiveLogSoftmaxWithLoss(8, 20, [5])
    x = autograd.ones(3, 8)
    with pytest.raises(ShapeError, match="from 0 to 19, got 1 to 20"):
        softmax(x, autograd.tensor([1, 2, 20]))
    for target in (autograd.tensor([1, 2]), autograd.tensor(1), autograd.tensor([[1]])):
        with pytest.raises(ShapeError, match=r"needs x \(n, in_features\) and target \(n,\)"):
            softmax(x, target)


# -- arguments that PyTorch has replaced, and refusals ---------------------------------------------

WITH_FLAGS = [
    "MSELoss",
    "L1Loss",
    "SmoothL1Loss",
    "CrossEntropyLoss",
    "NLLLoss",
    "NLLLoss2d",
    "BCELoss",
    "BCEWithLogitsLoss",
    "KLDivLoss",
    "PoissonNLLLoss",
    "HingeEmbeddingLoss",
    "MarginRankingLoss",
    "CosineEmbeddingLoss",
    "SoftMarginLoss",
    "MultiMarginLoss",
    "MultiLabelMarginLoss",
    "MultiLabelSoftMarginLoss",
    "TripletMarginLoss",
]


@pytest.mark.parametrize("name", WITH_FLAGS)
def test_the_former_flags_choose_the_reduction(name):
    flags = (None, False, True)
    for size_average, reduce in [(a, r) for a in flags for r in flags if (a, r) != (None, None)]:
        params = {"size_average": size_average, "reduce": reduce}
        with pytest.warns(UserWarning, match="deprecated; pass reduction="):
            ours = getattr(nn, name)(**params)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert ours.reduction == getattr(torch.nn, name)(**params).reduction


def test_a_reduction_in_the_place_of_a_flag_is_refused():
    with pytest.raises(DTypeError, match="pass the reduction by its name: reduction='sum'"):
        nn.MSELoss("sum")
    with pytest.raises(DTypeError, match="reduction='none'"):
        nn.functional.mse_loss(autograd.ones(2), autograd.ones(2), "none")


@pytest.mark.parametrize("name", [*WITH_FLAGS, "HuberLoss", "GaussianNLLLoss", "CTCLoss"])
def test_an_unknown_reduction_is_refused_at_once(name):
    with pytest.raises(ShapeError, match=f"{name}: reduction must be"):
        getattr(nn, name)(reduction="average")


def test_arguments_that_mean_nothing_are_refused():
    with pytest.raises(ShapeError, match="p must be 1 or 2"):
        nn.MultiMarginLoss(p=3)
    with pytest.raises(ShapeError, match="one dim"):
        nn.MultiMarginLoss(weight=autograd.ones(2, 2))
    with pytest.raises(ShapeError, match="margin must be greater than 0"):
        nn.TripletMarginLoss(margin=0)
    with pytest.raises(ShapeError, match="weight must have shape"):
        nn.LinearCrossEntropyLoss(3, 4, weight=autograd.ones(3))
    with pytest.raises(ShapeError, match="between 0 and 1"):
        nn.LinearCrossEntropyLoss(3, 4, label_smoothing=2.0)


def test_the_positions_of_the_arguments_are_those_of_pytorch():
    import inspect

    for name in [*WITH_FLAGS, "HuberLoss", "CTCLoss", "GaussianNLLLoss", "LinearCrossEntropyLoss"]:
        ours = inspect.signature(getattr(nn, name)).parameters
        theirs = inspect.signature(getattr(torch.nn, name)).parameters
        if name != "NLLLoss2d":  # *args there
            assert list(ours) == list(theirs)
            assert [p.default for p in ours.values()] == [p.default for p in theirs.values()]
