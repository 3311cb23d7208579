"""Metrics against hand counts, PyTorch's order of ties, and scikit-learn."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd.errors import DTypeError, ShapeError
from nn.metrics import Accuracy, Collected, ConfusionMatrix, TopK

SCORES = [[0.1, 0.7, 0.2], [0.5, 0.3, 0.2], [0.2, 0.2, 0.6], [0.4, 0.4, 0.2]]
CLASSES = [1, 2, 1, 0]


@pytest.fixture
def sklearn() -> Any:
    """Its metrics. What it imports draws random numbers."""
    state = random.getstate()
    module = pytest.importorskip("sklearn.metrics")
    random.setstate(state)
    return module


def result(metric: Any, predictions: Any, targets: Any, batch: int = 3) -> Any:
    """Of all, in batches; as tensors and as arrays."""
    found = []
    for convert in (autograd.tensor, np.asarray):
        metric.reset()
        for start in range(0, len(targets), batch):
            part = slice(start, start + batch)
            metric.update(convert(predictions[part]), convert(targets[part]))
        found.append(metric.compute())
    assert np.array_equal(found[0], found[1])
    return found[0]


def test_hand_counts():
    assert result(Accuracy(), SCORES, CLASSES) == 0.5
    assert result(TopK(1), SCORES, CLASSES) == 0.5
    assert result(TopK(2), SCORES, CLASSES) == 0.5
    assert result(TopK(2), SCORES, [2, 1, 0, 1]) == 1
    assert result(TopK(3), SCORES, CLASSES) == 1
    matrix = result(ConfusionMatrix(), SCORES, CLASSES)
    assert matrix.tolist() == [[1, 0, 0], [0, 1, 1], [1, 0, 0]]
    assert matrix.dtype == np.int64


def test_ignored_targets_do_not_count():
    classes = [1, -100, -100, 0]
    assert result(Accuracy(ignore_index=-100), SCORES, classes) == 1
    assert result(TopK(1, ignore_index=-100), SCORES, classes) == 1
    assert result(ConfusionMatrix(ignore_index=-100), SCORES, classes).sum() == 2


def test_two_classes_by_a_threshold():
    logits, targets = [-1.0, 0.5, 2.0, 0.0], [0.0, 1.0, 0.0, 0.0]
    assert result(Accuracy(threshold=0), logits, targets) == 0.75
    assert result(ConfusionMatrix(threshold=0), logits, targets).tolist() == [[2, 1], [0, 1]]
    columns = [[value] for value in logits], [[value] for value in targets]
    assert result(Accuracy(threshold=0), *columns) == 0.75


def test_classes_as_predictions():
    assert result(Accuracy(), [0, 2, 1], [0, 1, 1]) == pytest.approx(2 / 3)
    matrix = result(ConfusionMatrix(3), [0, 2, 1], [0, 1, 1])
    assert matrix.tolist() == [[1, 0, 0], [0, 1, 1], [0, 0, 0]]


def test_scores_of_many_places():
    """Of images, say: (N, C, H, W) for (N, H, W)."""
    chance = np.random.default_rng(0)
    scores, targets = chance.standard_normal((5, 3, 2, 4)), chance.integers(0, 3, (5, 2, 4))
    right = (scores.argmax(1) == targets).mean()
    assert result(Accuracy(), scores, targets) == pytest.approx(right)
    assert result(TopK(1), scores, targets) == pytest.approx(right)
    assert np.trace(result(ConfusionMatrix(), scores, targets)) == round(right * targets.size)


def test_equal_scores_and_nan_are_no_excuse():
    """A model that says nothing is not right everywhere."""
    for value in (0.0, float("nan")):
        nothing = np.full((4, 4), value)
        assert result(Accuracy(), nothing, [0, 1, 2, 3]) == 0.25
        assert result(TopK(1), nothing, [0, 1, 2, 3]) == 0.25
        assert result(TopK(2), nothing, [0, 1, 2, 3]) == 0.5
    assert result(TopK(1), [[1.0, float("nan")]], [0]) == 1
    assert result(TopK(3), np.zeros((50, 50)), np.arange(50)) == 3 / 50


@pytest.mark.parametrize("seed", range(3))
def test_scikit_learn_counts_the_same(seed, sklearn):
    chance = np.random.default_rng(seed)
    scores, targets = chance.standard_normal((40, 5)), chance.integers(0, 5, 40)
    predicted = scores.argmax(1)
    assert result(Accuracy(), scores, targets) == sklearn.accuracy_score(targets, predicted)
    expected = sklearn.top_k_accuracy_score(targets, scores, k=2, labels=range(5))
    assert result(TopK(2), scores, targets) == expected
    matrix = sklearn.confusion_matrix(targets, predicted, labels=range(5))
    assert np.array_equal(result(ConfusionMatrix(), scores, targets), matrix)


def test_functions_get_all_of_a_pass():
    calls = []

    def function(targets: Any, predictions: Any) -> int:
        calls.append((targets, predictions))
        return len(targets)

    assert result(Collected(function), SCORES, CLASSES) == 4
    targets, predictions = calls[0]
    assert isinstance(targets, np.ndarray)
    assert (targets.tolist(), predictions.tolist()) == (CLASSES, [1, 0, 2, 0])
    result(Collected(function), SCORES, SCORES)
    assert calls[-1][1].tolist() == SCORES
    result(Collected(function, lambda scores: scores[:, 0]), SCORES, CLASSES)
    assert calls[-1][1].tolist() == [0.1, 0.5, 0.2, 0.4]


def test_what_is_collected_is_a_copy():
    targets = np.array([1.0, 2.0])
    metric = Collected(lambda targets, predictions: float(targets.sum() + predictions.sum()))
    metric.update(targets, targets)
    targets[:] = 100
    assert metric.compute() == 6


def test_scikit_learns_metrics_as_they_are(sklearn):
    model = nn.Dense(4, 3)
    x, y = autograd.randn(30, 4, generator=autograd.Generator(1)), autograd.arange(30) % 3
    trainer = nn.Trainer(
        model,
        nn.CrossEntropyLoss(),
        optim.SGD(model.parameters(), lr=0.1),
        metrics={
            "accuracy": Accuracy(),
            "sklearn_accuracy": sklearn.accuracy_score,
            "confusion": sklearn.confusion_matrix,
            "area": Collected(
                lambda targets, chances: sklearn.roc_auc_score(targets, chances, multi_class="ovr"),
                lambda scores: scores.softmax(1),
            ),
        },
    )
    batches = [*zip(x.split(8), y.split(8))]
    history = trainer.fit(batches, 2, batches)
    assert history["validation_accuracy"] == history["validation_sklearn_accuracy"]
    predicted = model(x).argmax(1).numpy()
    matrix = sklearn.confusion_matrix(y.numpy(), predicted)
    assert history["validation_confusion"][-1] == matrix.tolist()
    chances = model(x).softmax(1).detach().numpy()
    area = sklearn.roc_auc_score(y.numpy(), chances, multi_class="ovr")
    assert history["validation_area"][-1] == pytest.approx(area)
    model = nn.Dense(4, 1)
    squares = nn.Trainer(
        model,
        nn.MSELoss(),
        optim.SGD(model.parameters(), lr=0.1),
        metrics={"mse": sklearn.mean_squared_error},
    )
    found = squares.evaluate([*zip(x.split(8), x[:, :1].split(8))])
    assert found["mse"] == pytest.approx(found["loss"])


@pytest.mark.parametrize(
    ("metric", "predictions", "targets", "error", "message"),
    [
        (
            Accuracy(),
            SCORES,
            [1, 2, 3, 0],
            ShapeError,
            r"lie in \[0, 3\), got 0 to 3",
        ),
        (Accuracy(), SCORES, [1, -100, 0, 0], ShapeError, "got -100 to 1; ignore_index"),
        (Accuracy(), SCORES, [1, 2], ShapeError, r"float32 \(4, 3\) for int64 \(2,\)"),
        (Accuracy(), SCORES, [[[1]]] * 4, ShapeError, r"for int64 \(4, 1, 1\)"),
        (Accuracy(), SCORES, [0.5, 1, 1, 1], DTypeError, "classes must be whole numbers"),
        (Accuracy(), [0.3, 0.9], [0, 1], DTypeError, "for scores, give a threshold"),
        (Accuracy(), [[0.3], [0.9]], [0, 1], ShapeError, r"one score \(N, 1, ...\).*a threshold"),
        (Collected(print), [[0.3], [0.9]], [0, 1], ShapeError, r"one score .*and prepare="),
        (TopK(4), SCORES, CLASSES, ShapeError, "of at least 4 classes, got 3"),
        (TopK(1), [0, 1], [0, 1], ShapeError, "got one number each"),
        (ConfusionMatrix(), [0, 1], [0, 1], ShapeError, "classes=None .* not in the predictions"),
        (ConfusionMatrix(2), SCORES, CLASSES, ShapeError, "classes=2 is not .* which is 3"),
        (ConfusionMatrix(2), [0, 2], [0, 1], ShapeError, r"must lie in \[0, 2\), got 0 to 2"),
    ],
)
def test_what_can_not_be_counted(metric, predictions, targets, error, message):
    with pytest.raises(error, match=message):
        metric.update(autograd.tensor(predictions), autograd.tensor(targets))


@pytest.mark.parametrize("metric", [Accuracy(), TopK(1), ConfusionMatrix(2), Collected(print)])
def test_nothing_has_no_result(metric):
    with pytest.raises(ShapeError, match="nothing was"):
        metric.compute()


def test_arguments_that_make_no_sense():
    with pytest.raises(ShapeError, match="k must be positive, got 0"):
        TopK(0)
    with pytest.raises(DTypeError, match="got a str"):
        Collected("accuracy")  # type: ignore[arg-type]
