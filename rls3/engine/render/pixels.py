# mypy: ignore-errors
# ruff: noqa: UP018, RUF046
# Warp compiles these functions itself: annotations are Warp's types, and float(0.0) declares a changing variable.
"""Putting pixels together: soft edges of shadows and occlusion, and smooth outlines of surfaces."""

from __future__ import annotations

import warp as wp

from rls3.engine.render.light import dimming, display
from rls3.engine.render.passes import Parts
from rls3.engine.render.tiles import Tiles
from rls3.engine.render.tracing import KERNEL_OPTIONS, TILE, SceneData, View, face_normal, pixel_in
from rls3.engine.render.visibility import LOW_BITS, NO_TRIANGLE, SAMPLE_COUNT, SAMPLE_X, SAMPLE_Y, Surfaces, triangle_of

wp.set_module_options(KERNEL_OPTIONS)

#: Cosine of the greatest angle between normals of one surface: for sharing light (37 degrees) and for lending colour to
#: its edge (60 degrees: what is rounder than that in one pixel is too small to show).
SAME_LIGHT = wp.constant(0.8)
SAME_SURFACE = wp.constant(0.5)


@wp.func
def surface_of(scene: SceneData, triangle: int):
    """Return a triangle's instance and row of material."""
    instance = scene.triangle_instance[triangle]
    face = scene.first_face[instance] + triangle - scene.first_triangle[instance]
    return wp.vec2i(instance, scene.face_material[face])


@wp.func
def composed(view: View, surfaces: Surfaces, parts: Parts, k: int):
    """Return the light of a pixel's centre; the shares of light are means over the 3 x 3 pixels of its surface."""
    if surfaces.ids[k] == -1:
        return parts.glow[k]
    lit_sum = float(0.0)
    open_sum = float(0.0)
    weights = float(0.0)
    for j in range(9):
        dx = j % 3 - 1
        dy = j // 3 - 1
        x = k % view.width + dx
        y = k // view.width + dy
        if x >= 0 and y >= 0 and x < view.width and y < view.height:
            other = y * view.width + x
            same = (
                surfaces.ids[other] == surfaces.ids[k]
                and wp.abs(surfaces.depth[other] - surfaces.depth[k]) < 0.05 * surfaces.depth[k]
            )
            if same and wp.dot(surfaces.normal[other], surfaces.normal[k]) > SAME_LIGHT:
                # 1 2 1 in both directions: each of the four occlusion rays of a block has the same weight.
                weight = float((2 - dx * dx) * (2 - dy * dy))
                lit_sum += weight * parts.lit[other]
                open_sum += weight * parts.open[other]
                weights += weight
    return parts.diffuse[k] * (lit_sum / weights) + parts.ambient[k] * dimming(open_sum / weights) + parts.glow[k]


@wp.kernel
def compose(view: View, tiles: Tiles, lanes: int, surfaces: Surfaces, parts: Parts, color: wp.array(dtype=wp.vec3)):
    """Write the display colours of the pixels' centres."""
    tile, lane = wp.tid()
    if tiles.touched[tile] == 0:
        return
    for j in range(lane, TILE * TILE, lanes):
        k = pixel_in(view, tile, j)
        if k >= 0:
            color[k] = display(composed(view, surfaces, parts, k))


@wp.func
def lender(
    scene: SceneData,
    view: View,
    surfaces: Surfaces,
    column: int,
    row: int,
    sample: int,
):
    """Return the pixel of the 3 x 3 whose centre shows the sample's surface closest to the sample, or -1."""
    key = surfaces.keys[SAMPLE_COUNT * (row * view.width + column) + sample]
    triangle = int(-1)
    surface = wp.vec2i(-1, -1)
    facing = wp.vec3()
    if key != NO_TRIANGLE:
        triangle = triangle_of(key)
        surface = surface_of(scene, triangle)
        local = face_normal(scene, surface[0], triangle - scene.first_triangle[surface[0]])
        facing = wp.normalize(wp.transform_vector(wp.transpose(scene.object_from_world[surface[0]]), local))
    found = int(-1)
    closest = float(1.0e9)
    for j in range(9):
        x = column + j % 3 - 1
        y = row + j // 3 - 1
        if x >= 0 and y >= 0 and x < view.width and y < view.height:
            other = y * view.width + x
            dx = float(j % 3 - 1) - SAMPLE_X[sample]
            dy = float(j // 3 - 1) - SAMPLE_Y[sample]
            far = dx * dx + dy * dy
            if far < closest:
                shown = surfaces.keys[SAMPLE_COUNT * other]
                same = shown == NO_TRIANGLE and triangle == -1
                if shown != NO_TRIANGLE and triangle != -1:
                    same = surface_of(scene, triangle_of(shown)) == surface
                    same = same and wp.abs(wp.dot(facing, surfaces.normal[other])) > SAME_SURFACE
                if same:
                    closest = far
                    found = other
    return found


@wp.func
def same_triangle(a: wp.uint64, b: wp.uint64):
    """Return whether two samples show one triangle."""
    return (a & LOW_BITS) == (b & LOW_BITS)


@wp.func
def lend_colors(
    scene: SceneData,
    view: View,
    surfaces: Surfaces,
    color: wp.array(dtype=wp.vec3),
    blend: wp.array(dtype=wp.vec3),
    wanted: wp.array(dtype=int),
    k: int,
):
    """Sum up a pixel's four edge samples, and note those that nobody lends a colour."""
    first = SAMPLE_COUNT * k
    total = wp.vec3()
    strays = int(0)
    for s in range(1, SAMPLE_COUNT):
        other = k
        if not same_triangle(surfaces.keys[first + s], surfaces.keys[first]):
            other = lender(scene, view, surfaces, k % view.width, k // view.width, s)
        if other >= 0:
            total = total + color[other]
        else:
            strays = strays | (1 << s)
    blend[k] = total
    wanted[k] = strays


@wp.kernel
def smooth_outlines(
    scene: SceneData,
    view: View,
    tiles: Tiles,
    lanes: int,
    surfaces: Surfaces,
    color: wp.array(dtype=wp.vec3),
    blend: wp.array(dtype=wp.vec3),
    wanted: wp.array(dtype=int),
):
    """Sum up the colours of the four edge samples, each lent by a pixel of the same surface; ask for light where there
    is none (bit s of `wanted`: sample s)."""
    tile, lane = wp.tid()
    if tiles.touched[tile] == 0:
        return
    for j in range(lane, TILE * TILE, lanes):
        k = pixel_in(view, tile, j)
        if k >= 0:
            lend_colors(scene, view, surfaces, color, blend, wanted, k)


@wp.kernel
def write_pixels(
    view: View,
    tiles: Tiles,
    lanes: int,
    blend: wp.array(dtype=wp.vec3),
    wanted: wp.array(dtype=int),
    strays: wp.array(dtype=wp.vec3),
    rgb: wp.array(dtype=wp.uint8, ndim=2),
):
    """Write 8 bit colours: the mean of the four edge samples."""
    tile, lane = wp.tid()
    if tiles.touched[tile] == 0:
        return
    for j in range(lane, TILE * TILE, lanes):
        k = pixel_in(view, tile, j)
        if k >= 0:
            total = blend[k]
            if wanted[k] != 0:
                total = total + strays[k]
            for channel in range(3):
                rgb[k, channel] = wp.uint8(wp.int32(wp.clamp(0.25 * total[channel], 0.0, 1.0) * 255.0 + 0.5))
