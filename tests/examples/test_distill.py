"""Distillation: what the loss is, and that teacher and students learn."""

from __future__ import annotations

import re

import pytest

import autograd
from examples import distill

pytestmark = pytest.mark.usefixtures("restored_seed")


def test_teacher_and_students_learn(digits, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(distill, "DATA", digits)
    distill.main(["--epochs", "2", "--digits", "500", "--out", str(tmp_path / "out")])
    captured = capsys.readouterr()
    found = [float(accuracy) for accuracy in re.findall(r" (\d\.\d+)$", captured.out, re.M)]
    assert len(found) == 2 + 2 * len(distill.TEMPERATURES)
    assert min(found) > 0.8
    assert captured.err == ""
    assert (tmp_path / "out" / "students.png").stat().st_size > 1000


def test_a_resumed_run_ends_as_one_that_never_stopped(digits, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(distill, "DATA", digits)
    options = ["--epochs", "1", "--digits", "300", "--out"]
    distill.main([*options, str(tmp_path / "whole")])
    whole = capsys.readouterr().out.splitlines()
    fit, lessons = distill.fit, iter(range(100))

    def interrupted(*arguments):
        if next(lessons) == 3:
            raise KeyboardInterrupt
        fit(*arguments)

    monkeypatch.setattr(distill, "fit", interrupted)
    with pytest.raises(SystemExit, match="--resume"):
        distill.main([*options, str(tmp_path / "parts")])
    assert capsys.readouterr().out.splitlines() == whole[:3]
    distill.main([*options, str(tmp_path / "parts"), "--resume"])
    assert capsys.readouterr().out.splitlines()[:-1] == whole[:-1]  # but for the plot's path
    trained = 1 + 1 + 2 * len(distill.TEMPERATURES)
    assert next(lessons) == trained + 1  # only the one that was interrupted was begun twice


@pytest.mark.parametrize("temperature", [1.0, 5.0])
def test_a_student_that_agrees_with_its_teacher_has_nothing_to_learn(temperature):
    autograd.manual_seed(0)
    teacher = autograd.randn(3, 10)
    loss = distill.distillation(temperature)
    agreeing = (teacher + 1).requires_grad_()
    loss(agreeing, teacher).backward()
    assert agreeing.grad.abs().max() < 1e-5
    other = autograd.randn(3, 10)
    assert loss(other, teacher) > loss(agreeing, teacher)


def test_gradients_are_alike_at_high_temperatures():
    autograd.manual_seed(0)
    teacher, student = autograd.randn(3, 10), autograd.randn(3, 10, requires_grad=True)
    found = []
    for temperature in (50.0, 100.0):
        student.grad = None
        distill.distillation(temperature)(student, teacher).backward()
        found.append(student.grad)
    assert autograd.allclose(found[0], found[1], rtol=0.1, atol=1e-3)
