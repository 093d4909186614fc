# mypy: ignore-errors
# Warp compiles these functions itself: annotations are Warp's types, and float(0.0) declares a changing variable.
"""What is seen where: triangles are drawn into five samples per pixel, its centre and four for the edges.

Every sample keeps the greatest key it was offered: nearness in the upper 32 bits, the triangle in the lower. So the
result does not depend on the order of drawing, and drawing a triangle again changes nothing.
"""

from __future__ import annotations

import warp as wp

from rls3.engine.render.tracing import (
    KERNEL_OPTIONS,
    NOTHING,
    SURFACES,
    TILE,
    Hit,
    SceneData,
    View,
    pixel_in,
    ray_of,
    smooth_normal,
    tile_of,
)

wp.set_module_options(KERNEL_OPTIONS)

SAMPLES = 5
SAMPLE_COUNT = wp.constant(SAMPLES)
#: Sample positions relative to the pixel's centre, pixels: the centre and a rotated grid, which has four different
#: heights and four different columns, so that nearly level and nearly upright edges get four steps.
SAMPLE_X = wp.constant(wp.types.vector(SAMPLES, wp.float32)(0.0, -0.125, 0.375, 0.125, -0.375))
SAMPLE_Y = wp.constant(wp.types.vector(SAMPLES, wp.float32)(0.0, -0.375, -0.125, 0.375, 0.125))
#: Nothing nearer to the eye is drawn, metres.
NEAR_PLANE = 0.01
NEAR = wp.constant(NEAR_PLANE)
#: Triangles are this much larger (in barycentric terms), so that rounding opens no cracks between neighbours.
OVERLAP = wp.constant(1.0e-4)
NO_TRIANGLE = wp.constant(wp.uint64(0))
LOW_BITS = wp.constant(wp.uint64(0xFFFFFFFF))


@wp.struct
class Surfaces:
    """What is seen in a picture, row by row from the top.

    Attributes:
        keys: five of each pixel, its centre's first.
        depth: planar depth at the centre, metres; `far` where nothing is.
        ids: index of the instance, -1 where nothing is.
        normal: unit normal in the world, towards the viewer.
        coded_normal: the normal in the camera's frame as three bytes.
    """

    keys: wp.array(dtype=wp.uint64)
    depth: wp.array(dtype=float)
    ids: wp.array(dtype=int)
    normal: wp.array(dtype=wp.vec3)
    coded_normal: wp.array(dtype=wp.uint8, ndim=2)


@wp.func
def grown(box: wp.vec4, point: wp.vec4):
    """Return the box (low x, low y, high x, high y) with a homogeneous picture point included."""
    x = point[0] / point[2]
    y = point[1] / point[2]
    return wp.vec4(wp.min(box[0], x), wp.min(box[1], y), wp.max(box[2], x), wp.max(box[3], y))


@wp.func
def grown_by_edge(box: wp.vec4, a: wp.vec4, b: wp.vec4):
    """Return the box with the visible ends of the edge from a to b: a itself, and where it crosses the near plane."""
    if a[2] >= NEAR:
        box = grown(box, a)
    if (a[2] >= NEAR) != (b[2] >= NEAR):
        box = grown(box, a + (b - a) * ((NEAR - a[2]) / (b[2] - a[2])))
    return box


@wp.func
def edge(a: wp.vec4, b: wp.vec4):
    """Return the coefficients (x, y, 1) of the function that is 0 on the edge from a to b."""
    return wp.vec3(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


@wp.func
def moved(point: wp.vec4, x: float, y: float):
    """Return a homogeneous picture point relative to the position (x, y)."""
    return wp.vec4(point[0] - x * point[2], point[1] - y * point[2], point[2], point[3])


@wp.func
def along_row(span: wp.vec2, side: wp.vec3, y: float):
    """Return the part of a span of x in which an edge function is not negative at height y, rather too much."""
    start = side[1] * y + side[2]
    if side[0] > 0.0:
        return wp.vec2(wp.max(span[0], -start / side[0] - 0.01), span[1])
    if side[0] < 0.0:
        return wp.vec2(span[0], wp.min(span[1], -start / side[0] + 0.01))
    if start < 0.0:
        return wp.vec2(1.0, -1.0)
    return span


@wp.func
def draw_triangle(
    scene: SceneData,
    view: View,
    projection: wp.array(dtype=wp.mat44),
    stale: wp.array(dtype=wp.int64),
    k: int,
    strip: int,
    strips: int,
    keys: wp.array(dtype=wp.uint64),
):
    """Offer a triangle to the samples it covers in stale tiles, in every strips-th row from `strip` on."""
    instance = scene.triangle_instance[k]
    matrix = projection[instance]
    face = k - scene.first_triangle[instance]
    corner = 3 * (scene.first_face[instance] + face)
    p0 = scene.corner[corner]
    p1 = scene.corner[corner + 1]
    p2 = scene.corner[corner + 2]
    a = matrix * wp.vec4(p0[0], p0[1], p0[2], 1.0)
    b = matrix * wp.vec4(p1[0], p1[1], p1[2], 1.0)
    c = matrix * wp.vec4(p2[0], p2[1], p2[2], 1.0)
    box = wp.vec4(1.0e9, 1.0e9, -1.0e9, -1.0e9)
    if wp.min(wp.min(a[2], b[2]), c[2]) >= NEAR:
        box = grown(grown(grown(box, a), b), c)
    else:
        box = grown_by_edge(grown_by_edge(grown_by_edge(box, a, b), b, c), c, a)
    # Samples lie up to 0.375 pixels from the centre, which is half a pixel from the pixel's corner.
    left = wp.int32(wp.ceil(wp.max(box[0] - 0.875, 0.0)))
    top = wp.int32(wp.ceil(wp.max(box[1] - 0.875, 0.0)))
    right = wp.int32(wp.floor(wp.min(box[2] - 0.125, float(view.width) - 1.0)))
    bottom = wp.int32(wp.floor(wp.min(box[3] - 0.125, float(view.height) - 1.0)))
    if left > right or top > bottom:
        return
    # Coordinates relative to the triangle keep the edge functions exact for small and distant triangles.
    x0 = 0.5 * float(left + right) + 0.5
    y0 = 0.5 * float(top + bottom) + 0.5
    a = moved(a, x0, y0)
    b = moved(b, x0, y0)
    c = moved(c, x0, y0)
    ea = edge(b, c)
    eb = edge(c, a)
    ec = edge(a, b)
    volume = a[0] * ea[0] + a[1] * ea[1] + a[2] * ea[2]
    if wp.abs(volume) < 1.0e-20:
        return
    if scene.solid[scene.first_face[instance] + face] == 1 and volume * scene.handedness[instance] < 0.0:
        return
    near = (ea * a[3] + eb * b[3] + ec * c[3]) / volume
    slack = (ea + eb + ec) * (OVERLAP / volume)
    ea = ea / volume + slack
    eb = eb / volume + slack
    ec = ec / volume + slack
    shift_a = SAMPLE_X * ea[0] + SAMPLE_Y * ea[1]
    shift_b = SAMPLE_X * eb[0] + SAMPLE_Y * eb[1]
    shift_c = SAMPLE_X * ec[0] + SAMPLE_Y * ec[1]
    shift_near = SAMPLE_X * near[0] + SAMPLE_Y * near[1]
    wide_a = ea + wp.vec3(0.0, 0.0, wp.max(shift_a))
    wide_b = eb + wp.vec3(0.0, 0.0, wp.max(shift_b))
    wide_c = ec + wp.vec3(0.0, 0.0, wp.max(shift_c))
    whole = wp.vec2(float(left) + 0.5 - x0, float(right) + 0.5 - x0)
    label = LOW_BITS - wp.uint64(k)
    for row in range(top + (strip - top % strips + strips) % strips, bottom + 1, strips):
        y = float(row) + 0.5 - y0
        span = along_row(along_row(along_row(whole, wide_a, y), wide_b, y), wide_c, y)
        first = wp.int32(wp.ceil(span[0] + x0 - 0.5))
        last = wp.int32(wp.floor(span[1] + x0 - 0.5))
        for column in range(first, last + 1):
            if (stale[tile_of(view, column, row)] & SURFACES) != NOTHING:
                x = float(column) + 0.5 - x0
                fa = ea[0] * x + ea[1] * y + ea[2]
                fb = eb[0] * x + eb[1] * y + eb[2]
                fc = ec[0] * x + ec[1] * y + ec[2]
                nearness = near[0] * x + near[1] * y + near[2]
                place = SAMPLE_COUNT * (row * view.width + column)
                for s in range(SAMPLE_COUNT):
                    n = nearness + shift_near[s]
                    lowest = wp.min(wp.min(fa + shift_a[s], fb + shift_b[s]), fc + shift_c[s])
                    if wp.min(lowest, n) >= 0.0 and n <= 1.0:
                        key = (wp.uint64(wp.cast(n, wp.uint32)) << wp.uint64(32)) | label
                        wp.atomic_max(keys, place + s, key)


@wp.kernel
def draw_triangles(
    scene: SceneData,
    view: View,
    projection: wp.array(dtype=wp.mat44),
    drawn: wp.array(dtype=int),
    stale: wp.array(dtype=wp.int64),
    batch: int,
    strips: int,
    keys: wp.array(dtype=wp.uint64),
):
    """Draw the triangles of the instances that are to be drawn, `batch` of them in every thread.

    `projection` takes object coordinates to (x w, y w, w, nearness w), x and y in pixels.
    """
    number, strip = wp.tid()
    for k in range(number * batch, wp.min((number + 1) * batch, scene.triangle_instance.shape[0])):
        if drawn[scene.triangle_instance[k]] == 1:
            draw_triangle(scene, view, projection, stale, k, strip, strips, keys)


@wp.func
def triangle_of(key: wp.uint64):
    """Return the drawn triangle of a sample's key."""
    return wp.int32(LOW_BITS - (key & LOW_BITS))


@wp.func
def named(scene: SceneData, key: wp.uint64):
    """Return the instance and face of a sample's key, without the place of the hit."""
    hit = Hit()
    hit.instance = -1
    if key != NO_TRIANGLE:
        triangle = triangle_of(key)
        hit.instance = scene.triangle_instance[triangle]
        hit.face = triangle - scene.first_triangle[hit.instance]
    return hit


@wp.func
def seen(scene: SceneData, view: View, key: wp.uint64, x: float, y: float):
    """Return the hit of a sample's key, its `t` along the viewing axis: the planar depth in metres."""
    hit = named(scene, key)
    hit.t = view.far
    if hit.instance >= 0:
        inverse = scene.object_from_world[hit.instance]
        offset = ray_of(view, x, y)
        origin = view.eye + float(view.parallel) * offset
        direction = wp.transform_vector(inverse, view.forward + float(1 - view.parallel) * offset)
        corner = 3 * (scene.first_face[hit.instance] + hit.face)
        a = scene.corner[corner]
        to_a = a - wp.transform_point(inverse, origin)
        first = scene.corner[corner + 1] - a
        second = scene.corner[corner + 2] - a
        across = wp.dot(wp.cross(first, second), direction)
        inner = wp.cross(direction, to_a)
        v = 0.5
        w = 0.0
        if wp.abs(across) > 1.0e-20:
            v = wp.max(-wp.dot(inner, second) / across, 0.0)
            w = wp.max(wp.dot(inner, first) / across, 0.0)
        # Samples may lie a hair outside; on a triangle seen edge-on its plane would then be met far away.
        excess = wp.max(v + w, 1.0)
        hit.v = v / excess
        hit.u = 1.0 - (v + w) / excess
        place = to_a + first * hit.v + second * (w / excess)
        hit.t = wp.dot(place, direction) / wp.length_sq(direction)
    return hit


@wp.kernel
def clear_stale(view: View, stale: wp.array(dtype=wp.int64), lanes: int, keys: wp.array(dtype=wp.uint64)):
    """Forget what the samples show whose surfaces are to be drawn again."""
    tile, lane = wp.tid()
    if (stale[tile] & SURFACES) == NOTHING:
        return
    for j in range(lane, TILE * TILE, lanes):
        k = pixel_in(view, tile, j)
        if k >= 0:
            for s in range(SAMPLE_COUNT):
                keys[SAMPLE_COUNT * k + s] = NO_TRIANGLE


@wp.func
def write_surface(scene: SceneData, view: View, surfaces: Surfaces, k: int):
    """Write what is seen at a pixel's centre."""
    x = float(k % view.width) + 0.5
    y = float(k // view.width) + 0.5
    hit = seen(scene, view, surfaces.keys[SAMPLE_COUNT * k], x, y)
    facing = wp.vec3()
    code = wp.vec3()
    surfaces.depth[k] = hit.t
    surfaces.ids[k] = -1
    if hit.instance >= 0:
        surfaces.ids[k] = scene.index[hit.instance]
        facing = smooth_normal(scene, hit, view.forward + float(1 - view.parallel) * ray_of(view, x, y))
        local = wp.vec3(wp.dot(facing, view.right), wp.dot(facing, view.up), -wp.dot(facing, view.forward))
        code = 127.5 * local + wp.vec3(128.0, 128.0, 128.0)
    surfaces.normal[k] = facing
    for axis in range(3):
        surfaces.coded_normal[k, axis] = wp.uint8(wp.int32(code[axis]))


@wp.kernel
def write_surfaces(scene: SceneData, view: View, stale: wp.array(dtype=wp.int64), lanes: int, surfaces: Surfaces):
    """Write what is seen at every pixel's centre in stale tiles."""
    tile, lane = wp.tid()
    if (stale[tile] & SURFACES) == NOTHING:
        return
    for j in range(lane, TILE * TILE, lanes):
        k = pixel_in(view, tile, j)
        if k >= 0:
            write_surface(scene, view, surfaces, k)
