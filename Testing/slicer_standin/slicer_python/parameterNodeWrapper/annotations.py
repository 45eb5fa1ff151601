"""What stands in ``Annotated[type, ...]``: limits of a value, its default, and how a widget shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, get_args


class Validator:
    """A limit that a value must keep."""

    def validate(self, value: Any) -> None:
        """Raise ValueError when ``value`` is outside."""
        raise NotImplementedError


@dataclass(frozen=True)
class WithinRange(Validator):
    """From minimum to maximum, both included."""

    minimum: float
    maximum: float

    def validate(self, value: Any) -> None:
        """See :class:`Validator`."""
        if not self.minimum <= value <= self.maximum:
            raise ValueError(f"Value must be within range [{self.minimum}, {self.maximum}], is {value}")


@dataclass(frozen=True)
class Minimum(Validator):
    """Not less than this."""

    minimum: float

    def validate(self, value: Any) -> None:
        """See :class:`Validator`."""
        if value < self.minimum:
            raise ValueError(f"Value must be greater than {self.minimum}, is {value}")


@dataclass(frozen=True)
class Maximum(Validator):
    """Not more than this."""

    maximum: float

    def validate(self, value: Any) -> None:
        """See :class:`Validator`."""
        if value > self.maximum:
            raise ValueError(f"Value must be less than {self.maximum}, is {value}")


@dataclass(frozen=True)
class Choice(Validator):
    """One of these."""

    choices: Sequence[Any]

    def validate(self, value: Any) -> None:
        """See :class:`Validator`."""
        if value not in self.choices:
            raise ValueError(f"Value is {value}, but must be in one of the following: {self.choices}")


@dataclass(frozen=True)
class Exclude(Validator):
    """None of these."""

    excludedValues: Sequence[Any]

    def validate(self, value: Any) -> None:
        """See :class:`Validator`."""
        if value in self.excludedValues:
            raise ValueError(f"Value is {value}, but must not be an excluded value: {self.excludedValues}")


class Default:
    """The value of a parameter that nobody has set."""

    def __init__(self, value: Any = None, *, generator: Callable[[], Any] | None = None) -> None:
        self._value, self._generator = value, generator

    @property
    def value(self) -> Any:
        """The default, made anew by the generator where there is one."""
        return self._generator() if self._generator is not None else self._value


@dataclass(frozen=True)
class Decimals:
    """Digits after the point in a spin box or slider."""

    value: int


@dataclass(frozen=True)
class SingleStep:
    """Step of a spin box or slider."""

    value: float


def split_annotations(annotated: Any) -> tuple[Any, tuple[Any, ...]]:
    """The bare type and its annotations."""
    bare, *annotations, _ = get_args(Annotated[annotated, None])
    return bare, tuple(annotations)


def first_of(annotations: Sequence[Any], kind: type) -> Any:
    """The first annotation of this kind, or None."""
    return next((annotation for annotation in annotations if isinstance(annotation, kind)), None)
