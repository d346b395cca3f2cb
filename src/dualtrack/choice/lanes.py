"""Eight numbers as one, for numba: the same parameter or state of eight worlds, in one register of the processor.

A compiler that is left to find such loops by itself finds few of them in this model. Here a lane is a type of its own,
a vector in LLVM, and what is done to one is done to all eight alike. So a world's result does not depend on its place
among the eight, nor on the worlds beside it. Processors with narrower registers take two or four steps instead of one.

In Python a lane has no values: these functions are for compiled code alone. ``Lane`` is ``float`` to the type checker,
as code on lanes is written, and reads, like code on one world.
"""

# mypy: disable-error-code="no-untyped-call,untyped-decorator"
# numba tells the types of a part of itself
from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from numba import njit, types
from numba.core import cgutils, event
from numba.extending import intrinsic, lower_builtin, models, register_model, type_callable
from numba.np.arrayobj import make_array

from dualtrack.choice.parameters import Floats
from dualtrack.core.compiledcache import compiled_once

WIDTH = 8
"""Worlds in a lane: as many doubles as the widest registers hold (AVX-512)."""

Lane: TypeAlias = float
ir: Any = vars(cgutils)["ir"]  # llvmlite's, in the version that numba brings
_njit: Any = njit
_intrinsic: Any = intrinsic
F = TypeVar("F", bound=Callable[..., object])

_NUMBERS = ir.VectorType(ir.DoubleType(), WIDTH)
_BITS = ir.VectorType(ir.IntType(64), WIDTH)


class _LaneType(types.Type):
    def __init__(self) -> None:
        super().__init__(name=f"Lane{WIDTH}")


LANE = _LaneType()


@register_model(_LaneType)
class _LaneModel(models.PrimitiveModel):
    def __init__(self, manager: Any, of: Any) -> None:
        super().__init__(manager, of, _NUMBERS)


def compiled(function: F) -> F:
    """Compiles on first use. No liberties with arithmetic, and other threads of Python go on meanwhile.

    The result is kept where numba keeps it: beside the source, or in the user's cache where that cannot be written to,
    or where NUMBA_CACHE_DIR says. numba would take it for good as long as the function's own file stays as it is; but
    what is inlined, and the order of parameters, lie in others. So a digest of all files beside it is part of its name.
    """
    sources = sorted(Path(function.__code__.co_filename).parent.glob("*.py"))
    digest = sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    function.__qualname__ += f"_{digest[:16]}"
    return compiled_once(function, nogil=True, error_model="numpy")


@contextmanager
def listening() -> Iterator[None]:
    """Says once on standard error if anything has to be compiled meanwhile: later it is read from disk."""
    listener = _Told()
    event.register("numba:compile", listener)
    try:
        yield
    finally:
        event.unregister("numba:compile", listener)


class _Told(event.Listener):
    said = False

    def on_start(self, what: Any) -> None:
        if not self.said:
            print("Compiling the model, once for this machine: some seconds.", file=sys.stderr)
        self.said = True

    def on_end(self, what: Any) -> None:
        pass


def inlined(function: F) -> F:
    """A part of compiled code: compiled into what calls it."""
    made: F = _njit(nogil=True, error_model="numpy", forceinline=True)(function)
    return made


def _spread(builder: Any, value: Any, of: Any) -> Any:
    """A lane as it is; a number as a lane that holds it eight times."""
    if of == LANE:
        return value
    single = builder.insert_element(ir.Constant(_NUMBERS, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(
        single, ir.Constant(_NUMBERS, ir.Undefined), ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), [0] * WIDTH)
    )


def _arithmetic(symbol: Callable[[Any, Any], Any], instruction: str) -> None:
    """Gives lanes an operator, among themselves and with numbers."""

    @type_callable(symbol)
    def _typed(context: Any) -> Callable[[Any, Any], Any]:
        def of(left: Any, right: Any) -> Any:
            if LANE in (left, right) and {left, right} <= {LANE, types.float64}:
                return LANE
            return None

        return of

    for left, right in ((LANE, LANE), (LANE, types.float64), (types.float64, LANE)):

        @lower_builtin(symbol, left, right)
        def _lowered(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            ready = [_spread(builder, value, of) for value, of in zip(values, signature.args, strict=True)]
            return getattr(builder, instruction)(*ready)


for _symbol, _instruction in (
    (operator.add, "fadd"), (operator.sub, "fsub"), (operator.mul, "fmul"), (operator.truediv, "fdiv"),
):  # fmt: skip
    _arithmetic(_symbol, _instruction)


@type_callable(operator.neg)
def _typed_negation(context: Any) -> Callable[[Any], Any]:
    return lambda of: LANE if of == LANE else None


@lower_builtin(operator.neg, LANE)
def _negated(context: Any, builder: Any, signature: Any, values: Any) -> Any:
    return builder.fneg(values[0])


def _own(builder: Any, name: str, arguments: int) -> Any:
    """A function that LLVM has for vectors."""
    kind = ir.FunctionType(_NUMBERS, [_NUMBERS] * arguments)
    return cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{WIDTH}f64")


def _place(context: Any, builder: Any, array: Any, of: Any, index: Any) -> Any:
    """Where the lane of that number lies in a flat array."""
    first = builder.mul(index, ir.Constant(index.type, WIDTH))
    return builder.bitcast(
        builder.gep(make_array(of)(context, builder, value=array).data, [first]), _NUMBERS.as_pointer()
    )


def _load(typing: Any, array: Any, index: Any) -> Any:
    def lowered(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.load(_place(context, builder, values[0], signature.args[0], values[1]), align=8)

    return LANE(array, types.intp), lowered


def _store(typing: Any, array: Any, index: Any, value: Any) -> Any:
    def lowered(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        place = _place(context, builder, values[0], signature.args[0], values[1])
        builder.store(_spread(builder, values[2], signature.args[2]), place, align=8)
        return context.get_dummy_value()

    return types.void(array, types.intp, value), lowered


def _fused(typing: Any, a: Any, b: Any, c: Any) -> Any:
    def lowered(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        ready = [_spread(builder, value, of) for value, of in zip(values, signature.args, strict=True)]
        return builder.call(_own(builder, "fmuladd", 3), ready)

    return LANE(a, b, c), lowered


def _largest(typing: Any, a: Any, b: Any) -> Any:
    def lowered(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        left, right = (_spread(builder, value, of) for value, of in zip(values, signature.args, strict=True))
        return builder.select(builder.fcmp_ordered(">", left, right), left, right)

    return LANE(a, b), lowered


def _size(typing: Any, a: Any) -> Any:
    def lowered(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.call(_own(builder, "fabs", 1), values)

    return LANE(LANE), lowered


def _below(typing: Any, a: Any, b: Any, then: Any, otherwise: Any) -> Any:
    def lowered(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        left, right, yes, no = (_spread(builder, v, of) for v, of in zip(values, signature.args, strict=True))
        return builder.select(builder.fcmp_ordered("<", left, right), yes, no)

    return LANE(a, b, then, otherwise), lowered


def _alike(typing: Any, a: Any) -> Any:
    def lowered(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return _spread(builder, values[0], types.float64)

    return LANE(types.float64), lowered


def _total(typing: Any, a: Any) -> Any:
    def lowered(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        parts = [builder.extract_element(values[0], ir.Constant(ir.IntType(32), place)) for place in range(WIDTH)]
        found = parts[0]
        for part in parts[1:]:
            found = builder.fadd(found, part)
        return found

    return types.float64(LANE), lowered


def _scaled(typing: Any, a: Any, shifted: Any) -> Any:
    def lowered(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        exponent = builder.shl(builder.bitcast(values[1], _BITS), ir.Constant(_BITS, [52] * WIDTH))
        return builder.bitcast(builder.add(builder.bitcast(values[0], _BITS), exponent), _NUMBERS)

    return LANE(LANE, LANE), lowered


load: Callable[[Floats, int], Lane] = _intrinsic(_load)
"""The lane of a number in a flat array."""
store: Callable[[Floats, int, Lane], None] = _intrinsic(_store)
"""Puts a lane, or a number eight times, at a place in a flat array."""
alike: Callable[[float], Lane] = _intrinsic(_alike)
"""One number for all eight worlds."""
fused: Callable[[Lane, Lane, Lane], Lane] = _intrinsic(_fused)
"""a * b + c, in one step where the processor has one."""
largest: Callable[[Lane, Lane], Lane] = _intrinsic(_largest)
"""The larger of two, world by world; the second where either is not a number."""
size: Callable[[Lane], Lane] = _intrinsic(_size)
"""Without its sign."""
below: Callable[[Lane, Lane, Lane, Lane], Lane] = _intrinsic(_below)
"""The third where the first is below the second, else the fourth."""
total: Callable[[Lane], float] = _intrinsic(_total)
"""The sum over the eight."""
_scale: Callable[[Lane, Lane], Lane] = _intrinsic(_scaled)


_SHIFT = 1.5 * 2.0**52  # added, it leaves a whole number in the last bits
_PER_LN2 = 1.4426950408889634
_LN2_HIGH, _LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10  # the first with zeros at its end: n times it is exact


@inlined
def exponential(x: Lane) -> Lane:
    """e^x for x within +-700, to about a unit in the last place.

    x = n ln 2 + r with |r| <= ln 2 / 2; the Taylor series of e^r to r^13, whose rest is below 5e-18; then n is added to
    the exponent (Cody and Waite, Software Manual for the Elementary Functions, 1980).
    """
    shifted = fused(x, _PER_LN2, _SHIFT)
    n = shifted - _SHIFT
    r = fused(n, -_LN2_LOW, fused(n, -_LN2_HIGH, x))
    series = fused(r, 1 / 6227020800, 1 / 479001600)
    series = fused(r, series, 1 / 39916800)
    series = fused(r, series, 1 / 3628800)
    series = fused(r, series, 1 / 362880)
    series = fused(r, series, 1 / 40320)
    series = fused(r, series, 1 / 5040)
    series = fused(r, series, 1 / 720)
    series = fused(r, series, 1 / 120)
    series = fused(r, series, 1 / 24)
    series = fused(r, series, 1 / 6)
    series = fused(r, series, 0.5)
    series = fused(r, series, 1.0)
    return _scale(fused(r, series, 1.0), shifted)
