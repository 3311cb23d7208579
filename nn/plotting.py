"""`Plot`: a figure of matplotlib that shows itself in Jupyter, whether or not ``pyplot``, which
would see to that, is imported."""

from __future__ import annotations

import io

from matplotlib.figure import Figure


class Plot(Figure):
    """What `nn.History.plot` returns."""

    def _repr_png_(self) -> bytes:
        picture = io.BytesIO()
        self.savefig(picture, format="png")
        return picture.getvalue()
