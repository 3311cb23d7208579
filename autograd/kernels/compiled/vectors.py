"""LLVM's instructions on vectors of the host's width, for the loops that Numba does not vectorize
well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir
from numba.core import cgutils, registry

INDEX = ir.IntType(64)
LANE = ir.IntType(32)


# What Numba compiles for. It is a part of the key on disk, so that what follows from it is too.
TRIPLE, _, FEATURES = registry.cpu_target.target_context.codegen().magic_tuple()


def _registers() -> tuple[int, int]:
    """The bytes of a vector register, and how many there are."""
    if "+avx512f" in FEATURES:
        return 64, 32
    if "+avx" in FEATURES:
        return 32, 16
    return 16, 32 if TRIPLE.startswith(("aarch64", "arm64")) else 16


BYTES, REGISTERS = _registers()


def index(value: int) -> Any:
    """``value`` as a constant."""
    return ir.Constant(INDEX, value)


class Vectors:
    """Makes instructions on vectors of numbers of one of Numba's types."""

    def __init__(self, builder: Any, dtype: Any) -> None:
        self.builder = builder
        self.size = dtype.bitwidth // 8
        self.lanes = BYTES // self.size
        number = ir.FloatType() if self.size == 4 else ir.DoubleType()
        self.type = ir.VectorType(number, self.lanes)
        self.mask_type = ir.VectorType(ir.IntType(1), self.lanes)
        self.suffix = f"v{self.lanes}f{self.size * 8}.p0v{self.lanes}f{self.size * 8}"

    def variable(self) -> Any:
        """A variable that begins as zeros. LLVM keeps it in a register."""
        place = cgutils.alloca_once(self.builder, self.type)
        self.builder.store(ir.Constant(self.type, [0.0] * self.lanes), place)
        return place

    def spread(self, number: Any) -> Any:
        """A vector full of ``number``."""
        nothing = ir.Constant(ir.VectorType(number.type, self.lanes), ir.Undefined)
        first = self.builder.insert_element(nothing, number, ir.Constant(LANE, 0))
        zeros = ir.Constant(ir.VectorType(LANE, self.lanes), [0] * self.lanes)
        return self.builder.shuffle_vector(first, nothing, zeros)

    def load(self, address: Any) -> Any:
        """The vector at ``address``, which need not be aligned to vectors."""
        return self.builder.load(self._pointer(address), align=self.size)

    def store(self, vector: Any, address: Any) -> None:
        """Write it, likewise."""
        self.builder.store(vector, self._pointer(address), align=self.size)

    def multiply_add(self, x: Any, y: Any, total: Any) -> Any:
        """``x * y + total``: in one instruction, where there is one, rounded once."""
        product = self.builder.fmul(x, y, flags=["contract"])
        return self.builder.fadd(product, total, flags=["contract"])

    def combine(self, terms: Sequence[tuple[float, Any]]) -> Any:
        """The sum of vectors times constants."""
        total = ir.Constant(self.type, [-0.0] * self.lanes)  # which LLVM leaves out
        for factor, vector in terms:
            if abs(factor) == 1:
                add = self.builder.fadd if factor > 0 else self.builder.fsub
                total = add(total, vector)
            elif factor:
                factors = ir.Constant(self.type, [float(factor)] * self.lanes)
                total = self.multiply_add(factors, vector, total)
        return total

    def mask(self, count: Any) -> Any:
        """Which lanes are below ``count``."""
        numbers = ir.Constant(ir.VectorType(INDEX, self.lanes), list(range(self.lanes)))
        return self.builder.icmp_signed("<", numbers, self.spread(count))

    def load_masked(self, address: Any, mask: Any) -> Any:
        """The vector at ``address`` in the lanes of ``mask``, zeros in others, which are not
        read."""
        pointer = self._pointer(address)
        kind = ir.FunctionType(self.type, [pointer.type, LANE, self.mask_type, self.type])
        load = self._function("llvm.masked.load", kind)
        zeros = ir.Constant(self.type, [0.0] * self.lanes)
        return self.builder.call(load, [pointer, ir.Constant(LANE, self.size), mask, zeros])

    def store_masked(self, vector: Any, address: Any, mask: Any) -> None:
        """Write the lanes of ``mask`` only."""
        pointer = self._pointer(address)
        kind = ir.FunctionType(ir.VoidType(), [self.type, pointer.type, LANE, self.mask_type])
        store = self._function("llvm.masked.store", kind)
        self.builder.call(store, [vector, pointer, ir.Constant(LANE, self.size), mask])

    def _pointer(self, address: Any) -> Any:
        return self.builder.bitcast(address, self.type.as_pointer())

    def _function(self, name: str, kind: Any) -> Any:
        return cgutils.get_or_insert_function(self.builder.module, kind, f"{name}.{self.suffix}")
