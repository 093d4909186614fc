# mypy: ignore-errors
# Warp compiles these functions itself: annotations are Warp's types, and float(0.0) declares a changing variable.
"""The light of all pixels: rays where they may have changed, shading, and what glass and thin things show."""

from __future__ import annotations

import warp as wp

from rls3.engine.render.light import (
    SHADOW_OFFSET,
    Light,
    arrives,
    display,
    light_beyond,
    openness,
    shade,
    sight_of,
    size_at,
    sky_light,
    towards,
)
from rls3.engine.render.textures import GLASS
from rls3.engine.render.tiles import SUN_REACH, Tiles, unchanged
from rls3.engine.render.tracing import (
    FIRST_TURN,
    KERNEL_OPTIONS,
    NOTHING,
    TILE,
    SceneData,
    View,
    bit,
    occlusion_ray,
    pixel_in,
    smooth_normal,
)
from rls3.engine.render.visibility import SAMPLE_COUNT, SAMPLE_X, SAMPLE_Y, Surfaces, named, seen

wp.set_module_options(KERNEL_OPTIONS)


@wp.func
def turn_of(column: int, row: int):
    """Return a pixel's occlusion ray: the four of a 2 x 2 block differ, and their mean is taken in `compose`."""
    return column % 2 + 2 * (row % 2)


@wp.struct
class Parts:
    """The light of every pixel's centre, in the parts that are put together later: see `Light`.

    Attributes:
        arrived: bits of the lights that arrive.
        open: what the pixel's occlusion ray found.
    """

    diffuse: wp.array(dtype=wp.vec3)
    ambient: wp.array(dtype=wp.vec3)
    glow: wp.array(dtype=wp.vec3)
    lit: wp.array(dtype=float)
    open: wp.array(dtype=float)
    arrived: wp.array(dtype=wp.int64)


@wp.func
def cast_from(scene: SceneData, view: View, tiles: Tiles, tile: int, surfaces: Surfaces, parts: Parts, k: int):
    """Write which lights arrive at a pixel's centre, and how open it is."""
    column = k % view.width
    row = k // view.width
    sight = sight_of(view, float(column) + 0.5, float(row) + 0.5)
    point = sight.origin + sight.direction * (surfaces.depth[k] * sight.stretch)
    normal = surfaces.normal[k]
    lifted = point + normal * SHADOW_OFFSET
    reach = tiles.reach[tile]
    before = parts.arrived[k]
    arrived = wp.int64(0)
    for light in range(scene.light_range.shape[0]):
        if (reach & bit(light)) == NOTHING:
            arrived = arrived | bit(light)
        else:
            way = towards(scene, light, lifted)
            ray = wp.vec3(way[0], way[1], way[2]) * wp.min(way[3], SUN_REACH)
            if unchanged(tiles, tile, light, lifted, ray):
                arrived = arrived | (before & bit(light))
            elif arrives(scene, light, lifted, normal):
                arrived = arrived | bit(light)
    parts.arrived[k] = arrived
    turn = turn_of(column, row)
    if (reach & bit(FIRST_TURN + turn)) == NOTHING:
        parts.open[k] = 1.0
    elif not unchanged(tiles, tile, FIRST_TURN + turn, lifted, occlusion_ray(normal, turn)):
        parts.open[k] = openness(scene, lifted, normal, turn)


@wp.kernel
def cast_rays(scene: SceneData, view: View, tiles: Tiles, lanes: int, surfaces: Surfaces, parts: Parts):
    """Write which lights arrive at every pixel's centre, and how open it is, where that may have changed."""
    tile, lane = wp.tid()
    if tiles.stale[tile] == NOTHING:
        return
    for j in range(lane, TILE * TILE, lanes):
        k = pixel_in(view, tile, j)
        if k >= 0 and surfaces.ids[k] != -1:
            cast_from(scene, view, tiles, tile, surfaces, parts, k)


@wp.func
def shade_center(scene: SceneData, view: View, surfaces: Surfaces, parts: Parts, wanted: wp.array(dtype=int), k: int):
    """Write the light of a pixel's centre, or ask for it where there is glass."""
    sight = sight_of(view, float(k % view.width) + 0.5, float(k // view.width) + 0.5)
    hit = named(scene, surfaces.keys[SAMPLE_COUNT * k])
    light = Light()
    if hit.instance < 0:
        light.glow = sky_light(scene, sight.direction)
    elif scene.pattern[scene.face_material[scene.first_face[hit.instance] + hit.face]] == GLASS:
        wanted[k] = 1
    else:
        distance = surfaces.depth[k] * sight.stretch
        point = sight.origin + sight.direction * distance
        size = size_at(view, sight, distance)
        light = shade(scene, hit, point, sight.direction, surfaces.normal[k], size, parts.arrived[k])
    parts.diffuse[k] = light.diffuse
    parts.ambient[k] = light.ambient
    parts.glow[k] = light.glow
    parts.lit[k] = light.lit


@wp.kernel
def shade_centers(
    scene: SceneData,
    view: View,
    tiles: Tiles,
    lanes: int,
    surfaces: Surfaces,
    parts: Parts,
    wanted: wp.array(dtype=int),
):
    """Write the light of every pixel's centre in stale tiles, and ask for what glass shows (bit 0 of `wanted`)."""
    tile, lane = wp.tid()
    if tiles.touched[tile] == 0:
        return
    for j in range(lane, TILE * TILE, lanes):
        k = pixel_in(view, tile, j)
        if k >= 0:
            wanted[k] = 0
            if tiles.stale[tile] != NOTHING:
                shade_center(scene, view, surfaces, parts, wanted, k)


@wp.func
def light_sample(scene: SceneData, view: View, surfaces: Surfaces, reach: wp.int64, k: int, s: int):
    """Return the whole light of one sample of a pixel."""
    x = float(k % view.width) + 0.5 + SAMPLE_X[s]
    y = float(k // view.width) + 0.5 + SAMPLE_Y[s]
    sight = sight_of(view, x, y)
    hit = seen(scene, view, surfaces.keys[SAMPLE_COUNT * k + s], x, y)
    hit.t = hit.t * sight.stretch
    normal = wp.vec3()
    if hit.instance >= 0:
        normal = smooth_normal(scene, hit, sight.direction)
    return light_beyond(scene, view, sight, hit, normal, reach)


@wp.func
def count_of(wish: int):
    """Return how many samples must be gone through for a wish; a number known only at run time keeps the compiler from
    writing the whole of `light_beyond` out for each."""
    if wish == 1:
        return 1
    return SAMPLE_COUNT


@wp.kernel
def look_beyond(
    scene: SceneData,
    view: View,
    tiles: Tiles,
    lanes: int,
    surfaces: Surfaces,
    wanted: wp.array(dtype=int),
    parts: Parts,
    strays: wp.array(dtype=wp.vec3),
):
    """Write the whole light of the wanted samples (bit s: sample s): of the centre as glow, of the others as the sum of
    their display colours in `strays`."""
    tile, lane = wp.tid()
    if tiles.touched[tile] == 0:
        return
    for j in range(lane, TILE * TILE, lanes):
        k = pixel_in(view, tile, j)
        if k >= 0 and wanted[k] != 0:
            total = wp.vec3()
            for s in range(count_of(wanted[k])):
                if (wanted[k] & (1 << s)) != 0:
                    light = light_sample(scene, view, surfaces, tiles.reach[tile], k, s)
                    if s == 0:
                        parts.glow[k] = light
                    else:
                        total = total + display(light)
            strays[k] = total
