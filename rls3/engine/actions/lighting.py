"""Random light."""

from __future__ import annotations

import colorsys

from rls3.engine.actions.registry import action
from rls3.engine.errors import ActionError
from rls3.engine.pictures.lighting import randomized
from rls3.engine.session import Session


@action()
def randomize_lighting(
    session: Session,
    synchronized: bool = False,
    brightness: list[float] | None = None,
    randomize_color: bool = True,
    hue: list[float] | None = None,
    saturation: list[float] | None = None,
) -> None:
    """Change the brightness and the colour of the scene's own lights.

    Args:
        session: the scene.
        synchronized: whether all lights get the same factor and colour.
        brightness: range of the factors.
        randomize_color: whether colours change too.
        hue: range of the colours' hues, 0 to 1.
        saturation: range of the colours' saturations, 0 to 1.
    """
    for name, given in (("hue", hue), ("saturation", saturation)):
        if given is not None and not randomize_color:
            raise ActionError(f"Cannot pass in randomizeColor=False while also providing {name}={given}.")
    factors = _range("brightness", brightness, (0.5, 1.5), None)
    hues = _range("hue", hue, (0.0, 1.0), 1.0)
    saturations = _range("saturation", saturation, (0.5, 1.0), 1.0)
    generator = session.generator()

    def draw_factor() -> float:
        return float(generator.uniform(*factors))

    def draw_color() -> tuple[float, float, float]:
        return colorsys.hsv_to_rgb(float(generator.uniform(*hues)), float(generator.uniform(*saturations)), 1.0)

    factor, color = draw_factor(), draw_color()
    session.world.relight(
        randomized(
            session.world.shell.lighting,
            (lambda: factor) if synchronized else draw_factor,
            None if not randomize_color else (lambda: color) if synchronized else draw_color,
        )
    )


@action()
def reset_lighting(session: Session) -> None:
    """Give the scene its own light again."""
    session.world.relight(None)


def _range(
    name: str, given: list[float] | None, default: tuple[float, float], highest: float | None
) -> tuple[float, float]:
    """Return the lower and upper end of a range given in any order."""
    if given is None:
        return default
    if len(given) != 2:
        raise ActionError(
            f"Ranges for hue, saturation, and brightness must each have 2 values. You gave {name}={given}."
        )
    low, high = sorted(given)
    if low < 0 or (highest is not None and high > highest):
        text = f"Each {name} must be >= 0" if highest is None else f"{name} range must be in [0:{highest:g}]"
        raise ActionError(f"{text}, not {name}={given}.")
    return low, high
