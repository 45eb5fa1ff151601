"""The liquids that come with the library, and liquids of the user's own."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from brachyresponse.errors import SourceError, reason_of
from brachyresponse.sources.liquid import LiquidSource
from brachyresponse.sources.reading import read_fields

SUFFIX = ".json"
DEFAULT_LIQUID = "iotrex"
_DATA = files("brachyresponse.sources") / "data/liquids"


def available_liquids() -> list[str]:
    """Return the names of the liquids that come with the library, sorted."""
    return sorted(_shipped())


def load_liquid(name_or_json_path: str | Path = DEFAULT_LIQUID) -> LiquidSource:
    """Return the kernel of a liquid: one of :func:`available_liquids`, or of a JSON file of the same form.

    Raises
    ------
    SourceError
        The name is unknown, the file cannot be read, or a field is missing or wrong.
    """
    if isinstance(name_or_json_path, Path) or name_or_json_path.lower().endswith(SUFFIX):
        return _from_file(Path(name_or_json_path))
    liquids = _shipped()
    if name_or_json_path not in liquids:
        raise SourceError(
            f"There is no liquid source {name_or_json_path!r}: choose one of {', '.join(available_liquids())}, "
            "or give the path of a JSON file."
        )
    return liquids[name_or_json_path]


@cache
def _shipped() -> dict[str, LiquidSource]:
    entries = (entry for entry in _DATA.iterdir() if entry.name.endswith(SUFFIX))
    liquids = (_parse(entry.read_text(encoding="utf-8"), entry.name) for entry in entries)
    return {liquid.name: liquid for liquid in liquids}


def _from_file(path: Path) -> LiquidSource:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"The liquid's file {str(path)!r} cannot be read: {reason_of(error)}.") from error
    return _parse(text, path.name)


def _parse(text: str, where: str) -> LiquidSource:
    try:
        fields = read_fields(text)
        radial = fields.table("radial_dose_function")
        if radial.text("geometry") != "point":
            raise SourceError(f"radial_dose_function.geometry is {radial.text('geometry')!r}, expected 'point'.")
        return LiquidSource(
            name=fields.text("name"),
            model=fields.text("model"),
            description=fields.text("description"),
            radionuclide=fields.text("radionuclide"),
            half_life_days=fields.number("half_life_days"),
            strength_u_per_mci_contained=fields.number("air_kerma_strength_u_per_mci_contained"),
            dose_rate_constant=fields.number("dose_rate_constant_cgy_per_h_per_u"),
            radial_radius_cm=radial.numbers("r_cm"),
            radial_dose=radial.numbers("g"),
            uncertainty_percent=fields.number("uncertainty_percent"),
            citation=fields.text("citation"),
            notes=fields.notes(),
            stands_in=fields.text("stands_in"),
        )
    except SourceError as error:
        raise SourceError(f"{where}: {error}") from error
