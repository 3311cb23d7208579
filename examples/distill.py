"""Knowledge distillation: a small network learns more from a large one's doubts than from labels.

A convolutional network, the teacher, learns 10,000 labelled digits of MNIST. A student, which is a
perceptron with a hidden layer of 64, learns alone, from the same labels; or from the teacher's
chances for the ten classes, of which the wrong ones say what a digit looks like besides (Hinton et
al., 2015). A temperature T above 1 softens them, for a good teacher is nearly sure of everything:

    chances = softmax(scores / T)

The teacher needs no labels to teach: it has an opinion of all 60,000 images. So students learn of
the 10,000 images that are labelled, or of all, in as many steps.

python -m examples.distill                               # a table, and a plot by temperature
python -m examples.distill --resume                      # goes on after Ctrl-C
python -m examples.distill --epochs 1 --digits 1000      # a short form

Result: a student taught with all images is right 1.0 to 1.6 % more often than one alone (95.7 %
against 94.2 %; the teacher: 97.9 %), at any of the temperatures, in a minute.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, islice, repeat
from pathlib import Path

from tqdm import tqdm

import autograd
import nn
import optim
from autograd import Tensor
from examples import program
from examples.digits import BATCH, DATA, accuracy, convolutional, tensors
from nn import functional as F
from nn.data import DataLoader, TensorDataset

EPOCHS = 8  # of the teacher; the student's are cheaper
STUDENT_EPOCHS = 3  # for each of the teacher's
DIGITS = 10_000  # how many have labels
HIDDEN = 64
TEMPERATURES = (1.0, 3.0, 10.0)

Loss = Callable[[Tensor, Tensor], Tensor]  # of scores and of what they should be
Lesson = tuple[str, Callable[[], float]]  # its name; what returns the accuracy afterwards
Accuracies = dict[str, float]  # by the name of the lesson


def perceptron() -> nn.Module:
    """The student: 51,000 weights, the teacher has 110,000 and a hundred times the arithmetic."""
    return nn.Sequential(nn.Flatten(), nn.Dense(784, HIDDEN), nn.ReLU(), nn.Dense(HIDDEN, 10))


def fit(model: nn.Module, data: TensorDataset, loss: Loss, steps: int) -> None:
    """Lower the mean ``loss`` with AdamW, in steps that shrink to 0."""
    loader: DataLoader[list[Tensor]] = DataLoader(data, BATCH, shuffle=True)
    epochs = chain.from_iterable(repeat(loader))  # without end
    optimizer = optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
    schedule = optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    model.train()
    for images, targets in tqdm(islice(epochs, steps), total=steps, leave=False, disable=None):
        optimizer.zero_grad()
        loss(model(images), targets).backward()
        optimizer.step()
        schedule.step()


@autograd.no_grad()
def scores_of(model: nn.Module, images: Tensor) -> Tensor:
    """What ``model`` says of all ``images``: (N, 10)."""
    model.eval()
    scores: Tensor = autograd.cat([model(batch) for batch in images.split(1000)])
    return scores


def distillation(temperature: float) -> Loss:
    """The cross entropy between a teacher's and a student's softened chances.

    Its gradient falls with T ** 2, by which it is multiplied to make up for that.
    """

    def loss(scores: Tensor, teacher: Tensor) -> Tensor:
        targets = (teacher / temperature).softmax(1)
        entropy: Tensor = F.cross_entropy(scores / temperature, targets)
        return entropy * temperature**2

    return loss


class Classroom:
    """The images, and what can be learnt about them."""

    def __init__(self, options: argparse.Namespace) -> None:
        images, labels = tensors(DATA, "train")
        self.all, self.labelled = images, images[: options.digits]
        self.labels = labels[: options.digits]
        self.test = tensors(DATA, "t10k")
        self.seed, self.steps = options.seed, options.epochs * -(-options.digits // BATCH)

    def lessons(self, teacher: nn.Module) -> Iterator[Lesson]:
        """The teacher's lesson, and those of the students, which come when it has learnt."""
        labelled = self.labelled, self.labels, F.cross_entropy
        yield "teacher", partial(self.learn, teacher, self.steps, *labelled)
        yield "student alone", partial(self.student, *labelled)
        for images in (self.labelled, self.all):
            scores = scores_of(teacher, images)
            for temperature in TEMPERATURES:
                loss = distillation(temperature)
                yield title(len(images), temperature), partial(self.student, images, scores, loss)

    def student(self, images: Tensor, targets: Tensor, loss: Loss) -> float:
        """The accuracy of a student that has learnt the ``targets`` of ``images``.

        All students begin with the same weights, and do the same number of steps.
        """
        autograd.manual_seed(self.seed)
        return self.learn(perceptron(), STUDENT_EPOCHS * self.steps, images, targets, loss)

    def learn(
        self, model: nn.Module, steps: int, images: Tensor, targets: Tensor, loss: Loss
    ) -> float:
        """Fit ``model``; its accuracy."""
        fit(model, TensorDataset(images, targets), loss, steps)
        return accuracy(model, *self.test)


def title(count: int, temperature: float) -> str:
    """The name of a lesson from the teacher."""
    return f"taught {count:,} images, T {temperature:g}"


def compare(options: argparse.Namespace, classroom: Classroom) -> Accuracies:
    """Train a teacher, and a student in each of the ways; print and return their accuracies."""
    autograd.manual_seed(options.seed)
    teacher = convolutional(dropout=0.3)
    checkpoint = nn.Checkpoint(options.out / "checkpoints", keep=1)
    restored = checkpoint.load(teacher=teacher) if options.resume else None
    found: Accuracies = restored.metrics if restored else {}
    for name, learn in classroom.lessons(teacher):
        if name not in found:
            found[name] = learn()
            checkpoint.save(len(found), teacher=teacher, metrics=found)
        print(f"{name:28} {found[name]:.4f}", flush=True)
    return found


def plot(found: Accuracies, counts: tuple[int, int], path: Path) -> None:
    """Draw the students' accuracies by temperature and by the ``counts`` of images."""
    figure, axes = program.pyplot().subplots(layout="constrained")
    axes.axhline(found["student alone"], color="grey", linestyle="--", label="alone")
    for count in counts:
        accuracies = [found[title(count, temperature)] for temperature in TEMPERATURES]
        axes.plot(TEMPERATURES, accuracies, marker=".", label=f"taught {count:,} images")
    axes.set(xlabel="temperature", ylabel="test accuracy", title="students")
    axes.legend()
    program.save(figure, path)


def main(arguments: list[str] | None = None) -> None:
    """Train the teacher and the students; draw their results."""
    description = "A small network learns digits from a large one's doubts."
    parser = program.options("distill", description, resumable=True, epochs=EPOCHS, digits=DIGITS)
    options = parser.parse_args(arguments)
    program.need("matplotlib")
    classroom = Classroom(options)
    with program.resumable():
        found = compare(options, classroom)
    counts = len(classroom.labelled), len(classroom.all)
    plot(found, counts, options.out / "students.png")
    if options.check:
        alone = found["student alone"]
        taught = min(found[title(counts[1], temperature)] for temperature in TEMPERATURES)
        result = f"taught {taught:.4f} or more, 0.005 above {alone:.4f} alone"
        program.check(taught >= alone + 0.005, result)


if __name__ == "__main__":
    program.run(main)
