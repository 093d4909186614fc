# mypy: ignore-errors
# ruff: noqa: UP018, RUF046
# Warp compiles these functions itself: annotations are Warp's types, and float(0.0) declares a changing variable.
"""Tiles of 8 x 8 pixels: which of them a changed object can have altered, and what can reach the surfaces in them.

An object reaches a surface if it may stand between it and a light, or is near enough to dim its ambient light. That is
judged by boxes for a whole tile, rather too often than too rarely, so that no pixel depends on how it is judged.
"""

from __future__ import annotations

import warp as wp

from rls3.engine.render.textures import GLASS
from rls3.engine.render.tracing import (
    EVERYTHING,
    FIRST_TURN,
    KERNEL_OPTIONS,
    NOTHING,
    OCCLUSION_RANGE,
    SURFACES,
    TILE,
    Hit,
    SceneData,
    View,
    bit,
    occlusion_ray,
    pixel_in,
    ray_of,
    shades,
    smooth_normal,
    tile_columns,
)
from rls3.engine.render.visibility import (
    NO_TRIANGLE,
    SAMPLE_COUNT,
    SAMPLE_X,
    SAMPLE_Y,
    Surfaces,
    named,
    seen,
    triangle_of,
)

wp.set_module_options(KERNEL_OPTIONS)

#: How far a directional light's shadow is followed, metres.
SUN_REACH = wp.constant(60.0)
MARGIN = wp.constant(0.02)


@wp.struct
class Tiles:
    """One row per tile.

    Attributes:
        lower, upper: box round the surfaces seen in it; `lower` is above `upper` where there is only sky.
        normal: of all surfaces seen in it, if they have one normal; otherwise zero.
        alone: the only instance seen in it, -1 for sky only, -2 if there are several.
        reach: which rays something may stop, see the bits in `tracing`.
        stale: which rays must be cast again, and whether surfaces must be drawn again.
        seen_through: whether glass or a mirror shows something else in it.
        touched: whether it or a tile beside it is stale in any way.
        changed_low, changed_high: the boxes in which something has changed; they have rows of their own.
    """

    lower: wp.array(dtype=wp.vec3)
    upper: wp.array(dtype=wp.vec3)
    normal: wp.array(dtype=wp.vec3)
    alone: wp.array(dtype=int)
    reach: wp.array(dtype=wp.int64)
    stale: wp.array(dtype=wp.int64)
    seen_through: wp.array(dtype=int)
    touched: wp.array(dtype=int)
    changed_low: wp.array(dtype=wp.vec3)
    changed_high: wp.array(dtype=wp.vec3)


@wp.func
def narrowed(span: wp.vec2, start: float, slope: float):
    """Return the part of a span of s in which start + s * slope <= 0; empty spans end before they begin."""
    if slope > 0.0:
        return wp.vec2(span[0], wp.min(span[1], -start / slope))
    if slope < 0.0:
        return wp.vec2(wp.max(span[0], -start / slope), span[1])
    if start > 0.0:
        return wp.vec2(1.0, 0.0)
    return span


@wp.func
def between(lower: wp.vec3, upper: wp.vec3, to_lower: wp.vec3, to_upper: wp.vec3, low: wp.vec3, high: wp.vec3):
    """Return whether a box that glides from (lower, upper) to (to_lower, to_upper) meets the box (low, high)."""
    span = wp.vec2(0.0, 1.0)
    for axis in range(3):
        span = narrowed(span, lower[axis] - high[axis] - MARGIN, to_lower[axis] - lower[axis])
        span = narrowed(span, low[axis] - upper[axis] - MARGIN, upper[axis] - to_upper[axis])
    return span[0] <= span[1]


@wp.func
def shaft_end(scene: SceneData, light: int, corner: wp.vec3):
    """Return where the rays from a corner of a tile's box to a light end."""
    place = scene.light_place[light]
    if scene.light_range[light] > 0.0:
        return place
    return corner + SUN_REACH * place


@wp.func
def unchanged(tiles: Tiles, tile: int, number: int, origin: wp.vec3, ray: wp.vec3):
    """Return whether what ray `number` from a tile's surface found still holds: the tile says so, or the surface is the
    same and the ray, which ends at length 1, passes none of the changed boxes."""
    stale = tiles.stale[tile]
    if (stale & bit(number)) == NOTHING:
        return True
    if (stale & SURFACES) != NOTHING:
        return False
    inverse = wp.vec3(1.0 / ray[0], 1.0 / ray[1], 1.0 / ray[2])
    for j in range(tiles.changed_low.shape[0]):
        a = wp.cw_mul(tiles.changed_low[j] - origin, inverse)
        b = wp.cw_mul(tiles.changed_high[j] - origin, inverse)
        first = wp.max(wp.max(wp.min(a, b)), 0.0)
        last = wp.min(wp.min(wp.max(a, b)), 1.0)
        if first <= last:
            return False
    return True


@wp.func
def occlusion_end(corner: wp.vec3, normal: wp.vec3, turn: int, side: float):
    """Return where the occlusion rays from a corner of a tile's box end; without a normal they may end all around."""
    if wp.length_sq(normal) > 0.0:
        return corner + occlusion_ray(normal, turn)
    return corner + side * wp.vec3(OCCLUSION_RANGE, OCCLUSION_RANGE, OCCLUSION_RANGE)


@wp.func
def passed(scene: SceneData, tiles: Tiles, k: int, low: wp.vec3, high: wp.vec3, known: wp.int64):
    """Return the bits of the rays from a tile's surfaces that may pass a box; those already `known` are not tested."""
    lower = tiles.lower[k]
    upper = tiles.upper[k]
    found = known
    if lower[0] <= upper[0]:
        for light in range(scene.light_range.shape[0]):
            if (found & bit(light)) == NOTHING:
                a = shaft_end(scene, light, lower)
                b = shaft_end(scene, light, upper)
                if between(lower, upper, a, b, low, high):
                    found = found | bit(light)
        for turn in range(4):
            if (found & bit(FIRST_TURN + turn)) == NOTHING:
                a = occlusion_end(lower, tiles.normal[k], turn, -1.0)
                b = occlusion_end(upper, tiles.normal[k], turn, 1.0)
                if between(lower, upper, a, b, low, high):
                    found = found | bit(FIRST_TURN + turn)
    return found


@wp.kernel
def find_stale(
    scene: SceneData,
    view: View,
    area: wp.array(dtype=wp.vec4),
    tiles: Tiles,
):
    """Mark what has become stale in a tile; `area` are the changed boxes' parts of the picture."""
    k = wp.tid()
    columns = tile_columns(view)
    x = float(k % columns * TILE)
    y = float(k // columns * TILE)
    stale = wp.int64(0)
    if tiles.seen_through[k] == 1:
        stale = EVERYTHING
    for j in range(area.shape[0]):
        here = area[j]
        if here[0] < x + float(TILE) and here[2] > x and here[1] < y + float(TILE) and here[3] > y:
            stale = EVERYTHING
        if stale != EVERYTHING:
            stale = passed(scene, tiles, k, tiles.changed_low[j], tiles.changed_high[j], stale)
    tiles.stale[k] = stale


@wp.kernel
def spread_stale(view: View, tiles: Tiles):
    """Mark the tiles beside stale ones, whose pixels are smoothed with those of their neighbours."""
    k = wp.tid()
    columns = tile_columns(view)
    rows = tiles.stale.shape[0] // columns
    touched = int(0)
    for j in range(9):
        x = k % columns + j % 3 - 1
        y = k // columns + j // 3 - 1
        if x >= 0 and y >= 0 and x < columns and y < rows:
            touched = wp.max(touched, wp.where(tiles.stale[y * columns + x] != NOTHING, 1, 0))
    tiles.touched[k] = touched


@wp.kernel
def select_drawn(view: View, area: wp.array(dtype=wp.vec4), tiles: Tiles, drawn: wp.array(dtype=int)):
    """Mark the instances in whose part of the picture surfaces must be drawn again."""
    i = wp.tid()
    columns = tile_columns(view)
    here = area[i]
    left = wp.int32(wp.max(here[0], 0.0)) // TILE
    top = wp.int32(wp.max(here[1], 0.0)) // TILE
    right = wp.int32(wp.min(here[2], float(view.width) - 1.0)) // TILE
    bottom = wp.int32(wp.min(here[3], float(view.height) - 1.0)) // TILE
    found = int(0)
    if here[2] >= 0.0 and here[3] >= 0.0:
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                if (tiles.stale[y * columns + x] & SURFACES) != NOTHING:
                    found = 1
    drawn[i] = found


@wp.struct
class Extent:
    """What is found out about the surfaces of a tile, see `Tiles`; `flat` as long as all have the normal `normal`."""

    lower: wp.vec3
    upper: wp.vec3
    normal: wp.vec3
    flat: bool
    alone: int
    seen_through: int


@wp.func
def extended(scene: SceneData, extent: Extent, hit: Hit, point: wp.vec3, normal: wp.vec3):
    """Return the extent with one more surface."""
    out = extent
    out.lower = wp.min(extent.lower, point)
    out.upper = wp.max(extent.upper, point)
    if scene.pattern[scene.face_material[scene.first_face[hit.instance] + hit.face]] == GLASS:
        out.seen_through = 1
    if extent.alone == -1:
        out.normal = normal
        out.alone = hit.instance
    elif extent.alone != hit.instance:
        out.alone = -2
    out.flat = extent.flat and wp.dot(normal, out.normal) > 0.9999
    return out


@wp.func
def extended_by_pixel(scene: SceneData, view: View, surfaces: Surfaces, extent: Extent, k: int):
    """Return the extent with the surfaces of a pixel; of samples that show one triangle the centre stands for all."""
    out = extent
    first = SAMPLE_COUNT * k
    for s in range(SAMPLE_COUNT):
        key = surfaces.keys[first + s]
        if key != NO_TRIANGLE and (s == 0 or triangle_of(key) != triangle_of(surfaces.keys[first])):
            x = float(k % view.width) + 0.5 + SAMPLE_X[s]
            y = float(k // view.width) + 0.5 + SAMPLE_Y[s]
            hit = named(scene, key)
            hit.t = surfaces.depth[k]
            if s > 0:
                hit = seen(scene, view, key, x, y)
            offset = ray_of(view, x, y)
            if view.parallel == 0:
                offset = offset * hit.t
            point = view.eye + view.forward * hit.t + offset
            normal = surfaces.normal[k]
            if s > 0:
                normal = smooth_normal(scene, hit, point - view.eye)
            out = extended(scene, out, hit, point, normal)
    return out


@wp.kernel
def survey(scene: SceneData, view: View, surfaces: Surfaces, tiles: Tiles):
    """Write the box of the surfaces that were drawn again, and what else is told of a tile's surfaces."""
    tile = wp.tid()
    if (tiles.stale[tile] & SURFACES) == NOTHING:
        return
    extent = Extent()
    extent.lower = wp.vec3(1.0e9, 1.0e9, 1.0e9)
    extent.upper = -extent.lower
    extent.flat = True
    extent.alone = -1
    for j in range(TILE * TILE):
        k = pixel_in(view, tile, j)
        if k >= 0:
            extent = extended_by_pixel(scene, view, surfaces, extent, k)
    tiles.lower[tile] = extent.lower
    tiles.upper[tile] = extent.upper
    tiles.alone[tile] = extent.alone
    tiles.seen_through[tile] = extent.seen_through
    tiles.normal[tile] = wp.vec3()
    if extent.flat:
        tiles.normal[tile] = extent.normal


@wp.func
def stopped(
    scene: SceneData, lower: wp.vec3, upper: wp.vec3, to_lower: wp.vec3, to_upper: wp.vec3, alone: int, light: int
):
    """Return whether an instance may stop rays that lead from one box to another; nothing convex that is `alone` in a
    tile stops its own."""
    margin = wp.vec3(MARGIN, MARGIN, MARGIN)
    query = wp.bvh_query_aabb(scene.tree, wp.min(lower, to_lower) - margin, wp.max(upper, to_upper) + margin)
    i = int(0)
    while wp.bvh_query_next(query, i):
        other = i != alone or scene.convex[i] == 0
        if light >= 0 and shades(scene, i, light):
            other = False
        if other and between(lower, upper, to_lower, to_upper, scene.lower[i], scene.upper[i]):
            return True
    return False


@wp.kernel
def find_reach(scene: SceneData, tiles: Tiles):
    """Write which rays from stale tiles something may stop."""
    k = wp.tid()
    lower = tiles.lower[k]
    upper = tiles.upper[k]
    if tiles.stale[k] == NOTHING or lower[0] > upper[0]:
        return
    reach = wp.int64(0)
    for light in range(scene.light_range.shape[0]):
        a = shaft_end(scene, light, lower)
        b = shaft_end(scene, light, upper)
        if stopped(scene, lower, upper, a, b, tiles.alone[k], light):
            reach = reach | bit(light)
    for turn in range(4):
        a = occlusion_end(lower, tiles.normal[k], turn, -1.0)
        b = occlusion_end(upper, tiles.normal[k], turn, 1.0)
        if stopped(scene, lower, upper, a, b, tiles.alone[k], -1):
            reach = reach | bit(FIRST_TURN + turn)
    tiles.reach[k] = reach
