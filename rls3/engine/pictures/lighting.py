"""The light of a scene as it is now: its own lights, changed or not, and the lamps that are switched on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rls3.engine.render.scene import Lighting, PointLight
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.world import World

#: Lamps give light from this share of their height, with this intensity and range in metres.
LAMPS = {"DeskLamp": (0.85, 0.35, 4.0), "FloorLamp": (0.88, 0.5, 6.0), "Candle": (1.3, 0.08, 2.0)}
LAMP_COLOR = (1.0, 0.86, 0.66)
#: What is left of the ambient light when the lights of a room are switched off.
DARK_AMBIENT = 0.35


def scene_lighting(world: World) -> Lighting:
    """Return the light that the scene is drawn in."""
    light = world.shell.lighting if world.lighting is None else world.lighting
    switches = [o for o in world.active_objects() if o.type.name == "LightSwitch"]
    if switches and not any(o.state.toggled for o in switches):
        red, green, blue = (DARK_AMBIENT * c for c in light.ambient)
        light = replace(light, points=(), ambient=(red, green, blue))
    lamps = [_lamp(o) for o in world.active_objects() if o.type.name in LAMPS and o.state.toggled]
    return replace(light, points=(*light.points, *lamps)) if lamps else light


def randomized(
    light: Lighting, brightness: Callable[[], float], color: Callable[[], tuple[float, float, float]] | None
) -> Lighting:
    """Return the light with each lamp's intensity and range multiplied, and its colour replaced unless None is given.

    Args:
        light: the scene's own light.
        brightness: draws a factor, asked once per lamp, for the sun, and for the ambient light.
        color: draws a linear RGB colour, asked once per lamp and for the sun.
    """
    points = []
    for lamp in light.points:
        factor = brightness()
        shade = lamp.color if color is None else color()
        points.append(replace(lamp, intensity=lamp.intensity * factor, range=lamp.range * factor, color=shade))
    sun = light.sun
    if sun is not None:
        factor = brightness()
        sun = replace(sun, intensity=sun.intensity * factor, color=sun.color if color is None else color())
    factor = brightness()
    red, green, blue = (c * factor for c in light.ambient)
    return replace(light, points=tuple(points), sun=sun, ambient=(red, green, blue))


def _lamp(item: SceneObject) -> PointLight:
    height, intensity, reach = LAMPS[item.type.name]
    low, high = item.aabb
    x, z = (low[0] + high[0]) / 2, (low[2] + high[2]) / 2
    return PointLight((float(x), float(low[1] + height * (high[1] - low[1])), float(z)), LAMP_COLOR, intensity, reach)
