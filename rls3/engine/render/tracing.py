# mypy: ignore-errors
# ruff: noqa: UP018, RUF046
# Warp compiles these functions itself: annotations are Warp's types, and float(0.0) declares a changing variable.
"""The scene and the camera as the kernels see them, and rays through a tree of instances over trees of triangles."""

from __future__ import annotations

import warp as wp

from rls3.engine.render import meshes
from rls3.engine.render.textures import GLASS

#: Pictures need no gradients, and leaving them out makes compiling several times faster. No kernel makes a NaN whose
#: fate matters; without care for them a ray passes boxes in half the time.
KERNEL_OPTIONS = {
    "enable_backward": False,
    "cpu_compiler_flags": f"{wp.config.cpu_compiler_flags} -menable-no-nans -Wno-nan-infinity-disabled",
}
#: Side of a tile, pixels.
TILE_PIXELS = 8
TILE = wp.constant(TILE_PIXELS)
#: Bits of what is noted of a tile: one for every light, one for each ray of ambient occlusion, one for the surfaces.
MOST_LIGHTS = 58
FIRST_TURN = wp.constant(MOST_LIGHTS)
SURFACES = wp.constant(wp.int64(1 << (MOST_LIGHTS + 4)))
ALL_BITS = (1 << (MOST_LIGHTS + 5)) - 1
EVERYTHING = wp.constant(wp.int64(ALL_BITS))
NOTHING = wp.constant(wp.int64(0))
#: How far a surface looks for what dims its ambient light, metres.
OCCLUSION_RANGE = wp.constant(0.45)
LIT = wp.constant(meshes.LIT)


@wp.struct
class SceneData:
    """Everything the kernels read about a scene; one row per instance, drawn triangle, face corner, material or light.

    Instances of one model share its faces: face f of instance i has row `first_face[i] + f` of the face tables, and
    is drawn triangle `first_triangle[i] + f`.
    """

    tree: wp.uint64
    mesh: wp.array(dtype=wp.uint64)
    object_from_world: wp.array(dtype=wp.mat44)
    lower: wp.array(dtype=wp.vec3)
    upper: wp.array(dtype=wp.vec3)
    first_face: wp.array(dtype=int)
    first_triangle: wp.array(dtype=int)
    opaque: wp.array(dtype=int)
    convex: wp.array(dtype=int)
    handedness: wp.array(dtype=float)
    index: wp.array(dtype=int)
    triangle_instance: wp.array(dtype=int)
    corner: wp.array(dtype=wp.vec3)
    corner_normal: wp.array(dtype=wp.vec3)
    face_material: wp.array(dtype=int)
    solid: wp.array(dtype=int)
    pattern: wp.array(dtype=int)
    color: wp.array(dtype=wp.vec3)
    accent: wp.array(dtype=wp.vec3)
    finish: wp.array(dtype=wp.vec3)
    light_place: wp.array(dtype=wp.vec3)
    light_color: wp.array(dtype=wp.vec3)
    light_range: wp.array(dtype=float)
    ambient: wp.vec3
    ground: float
    sky: wp.vec3


@wp.struct
class View:
    """A camera as the kernels see it; `tangent` is half the picture's height at unit distance (or in metres)."""

    eye: wp.vec3
    right: wp.vec3
    up: wp.vec3
    forward: wp.vec3
    tangent: float
    parallel: int
    far: float
    width: int
    height: int


@wp.struct
class Hit:
    """The nearest surface along a ray; `instance` is -1 where there is none."""

    instance: int
    face: int
    t: float
    u: float
    v: float


@wp.func
def nearest(scene: SceneData, origin: wp.vec3, direction: wp.vec3, far: float):
    """Return the nearest hit closer than `far`."""
    hit = Hit()
    hit.instance = -1
    hit.t = far
    query = wp.bvh_query_ray(scene.tree, origin, direction)
    i = int(0)
    while wp.bvh_query_next(query, i, hit.t):
        inverse = scene.object_from_world[i]
        found = wp.mesh_query_ray(
            scene.mesh[i], wp.transform_point(inverse, origin), wp.transform_vector(inverse, direction), hit.t
        )
        if found.result:
            hit.instance = i
            hit.face = found.face
            hit.t = found.t
            hit.u = found.u
            hit.v = found.v
    return hit


@wp.func
def shades(scene: SceneData, instance: int, light: int):
    """Return whether a light is inside an instance that lets light through: a lamp does not stop its own."""
    out = scene.opaque[instance] == 0 and scene.light_range[light] > 0.0
    for axis in range(3):
        place = scene.light_place[light][axis]
        out = out and scene.lower[instance][axis] < place and place < scene.upper[instance][axis]
    return out


@wp.func
def blocked(scene: SceneData, light: int, origin: wp.vec3, direction: wp.vec3, far: float):
    """Return whether an opaque surface lies between a point and a light, closer than `far`; lit shades, panes and the
    light's own lamp let it through."""
    query = wp.bvh_query_ray(scene.tree, origin, direction)
    i = int(0)
    while wp.bvh_query_next(query, i, far):
        inverse = scene.object_from_world[i]
        local = wp.transform_point(inverse, origin)
        along = wp.transform_vector(inverse, direction)
        if scene.opaque[i] == 1:
            if wp.mesh_query_ray_anyhit(scene.mesh[i], local, along, far):
                return True
        elif not shades(scene, i, light):
            found = wp.mesh_query_ray(scene.mesh[i], local, along, far)
            if found.result:
                material = scene.face_material[scene.first_face[i] + found.face]
                if scene.pattern[material] != GLASS and scene.finish[material][2] < LIT:
                    return True
    return False


@wp.func
def smooth_normal(scene: SceneData, hit: Hit, direction: wp.vec3):
    """Return the interpolated unit normal in the world, turned towards the viewer."""
    corner = 3 * (scene.first_face[hit.instance] + hit.face)
    local = (
        scene.corner_normal[corner] * hit.u
        + scene.corner_normal[corner + 1] * hit.v
        + scene.corner_normal[corner + 2] * (1.0 - hit.u - hit.v)
    )
    normal = wp.normalize(wp.transform_vector(wp.transpose(scene.object_from_world[hit.instance]), local))
    if wp.dot(normal, direction) > 0.0:
        normal = -normal
    return normal


@wp.func
def face_normal(scene: SceneData, instance: int, face: int):
    """Return the normal of a face in the object's frame; its length is twice the face's area."""
    corner = 3 * (scene.first_face[instance] + face)
    a = scene.corner[corner]
    return wp.cross(scene.corner[corner + 1] - a, scene.corner[corner + 2] - a)


@wp.func
def occlusion_ray(normal: wp.vec3, turn: int):
    """Return ray number `turn` of the four around a normal that look for what is near; its length is their range."""
    helper = wp.vec3(0.0, 1.0, 0.0)
    if wp.abs(normal[1]) > 0.8:
        helper = wp.vec3(1.0, 0.0, 0.0)
    side = wp.normalize(wp.cross(helper, normal))
    other = wp.cross(normal, side)
    angle = 1.5707963 * (float(turn) + 0.35)
    return OCCLUSION_RANGE * (0.64 * normal + 0.768 * (wp.cos(angle) * side + wp.sin(angle) * other))


@wp.func
def bit(number: int):
    """Return the bit of a light or (from FIRST_TURN on) of an occlusion ray."""
    return wp.int64(1) << wp.int64(number)


@wp.func
def ray_of(view: View, x: float, y: float):
    """Return the direction (perspective) or origin offset (parallel) in the world of a picture position, pixels."""
    b = (1.0 - 2.0 * y / float(view.height)) * view.tangent
    a = (2.0 * x / float(view.width) - 1.0) * view.tangent * float(view.width) / float(view.height)
    return a * view.right + b * view.up


@wp.func
def tile_columns(view: View):
    """Return the number of tiles side by side."""
    return (view.width + TILE - 1) // TILE


@wp.func
def tile_of(view: View, column: int, row: int):
    """Return the number of the tile that holds a pixel."""
    return (row // TILE) * tile_columns(view) + column // TILE


@wp.func
def pixel_in(view: View, tile: int, j: int):
    """Return the number of pixel j of a tile, or -1 where the tile juts out of the picture."""
    column = (tile % tile_columns(view)) * TILE + j % TILE
    row = (tile // tile_columns(view)) * TILE + j // TILE
    if column < view.width and row < view.height:
        return row * view.width + column
    return -1
