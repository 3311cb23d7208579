"""Tables for a terminal and for Jupyter, and how numbers stand in them."""

from __future__ import annotations

import html
from collections.abc import Sequence

Row = Sequence[str]


def as_text(header: Row, rows: Sequence[Row], names: int = 1) -> str:
    """The table in letters: the first ``names`` columns to the left, the numbers to the right.

    >>> print(as_text(["name", "size"], [["a", "10"], ["bc", "9"]]))
    name  size
    ----------
    a       10
    bc       9
    """
    widths = [max(map(len, column)) for column in zip(header, *rows)]
    lines = [_line(row, widths, names) for row in (header, *rows)]
    return "\n".join([lines[0], "-" * (sum(widths) + 2 * len(widths) - 2), *lines[1:]])


def _line(row: Row, widths: Sequence[int], names: int) -> str:
    cells = [
        cell.ljust(width) if i < names else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(row, widths))
    ]
    return "  ".join(cells).rstrip()


def as_html(header: Row, rows: Sequence[Row], names: int = 1) -> str:
    """The table for Jupyter's ``_repr_html_``.

    >>> print(as_html(["<n>"], []))
    <table><tr><th style="text-align:left">&lt;n&gt;</th></tr></table>
    """
    lines = [_html_row("th", header, names), *(_html_row("td", row, names) for row in rows)]
    return f"<table>{''.join(lines)}</table>"


def _html_row(tag: str, row: Row, names: int) -> str:
    cells = [
        f'<{tag} style="text-align:{"left" if i < names else "right"}">'
        f"{html.escape(cell).replace('  ', '&nbsp;&nbsp;')}</{tag}>"
        for i, cell in enumerate(row)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def count(number: int) -> str:
    """A number of things, its thousands apart; nothing for none.

    >>> count(12345), count(0)
    ('12,345', '')
    """
    return f"{number:,}" if number else ""


def size(number: float) -> str:
    """A number of bytes in a fitting unit; nothing for none.

    >>> size(0), size(999), size(1500), size(3 * 2**20)
    ('', '999 B', '1.5 kB', '3.1 MB')
    """
    if number < 1000:
        return f"{number:.0f} B" if number else ""
    for unit in ("kB", "MB", "GB"):
        number /= 1000
        if number < 1000:
            return f"{number:.1f} {unit}"
    return f"{number / 1000:.1f} TB"


def duration(seconds: float) -> str:
    """A time in a fitting unit; nothing for none.

    >>> duration(0), duration(0.00025), duration(0.02), duration(2)
    ('', '250.0 us', '20.00 ms', '2.000 s')
    """
    if not seconds:
        return ""
    if seconds < 1e-3:
        return f"{seconds * 1e6:.1f} us"
    return f"{seconds * 1e3:.2f} ms" if seconds < 1 else f"{seconds:.3f} s"
