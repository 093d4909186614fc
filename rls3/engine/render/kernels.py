# mypy: ignore-errors
# ruff: noqa: UP018, RUF046
# Warp compiles these functions itself: annotations are Warp's types, and float(0.0) declares a changing variable.
"""Warp kernels: shading, composition and edge anti-aliasing of what the rays hit."""

from __future__ import annotations

import warp as wp

from rls3.engine.render.textures import GLASS, surface_color
from rls3.engine.render.tracing import (
    Hit,
    SceneData,
    View,
    blocked,
    first_hit,
    nearest,
    openness,
    ray_of,
    smooth_normal,
)

# Pictures need no gradients of these kernels: leaving them out makes compiling several times faster.
wp.set_module_options({"enable_backward": False})
SHADOW_OFFSET = wp.constant(2.0e-3)
OCCLUSION_STRENGTH = wp.constant(0.55)
GLASS_LAYERS = wp.constant(3)
GLASS_OPACITY = wp.constant(0.30)
MIRROR_GLOSS = wp.constant(0.99)
EDGE_CONTRAST = wp.constant(0.06)


@wp.struct
class Light:
    """Linear light towards the eye: from lamps, reflections and glow, and from ambient light, which `openness` dims."""

    direct: wp.vec3
    ambient: wp.vec3
    openness: float


@wp.func
def shade(scene: SceneData, hit: Hit, origin: wp.vec3, direction: wp.vec3, footprint: float, turn: int):
    """Return the light of a hit: Lambert, a specular lobe, shadows, ambient light and short-range occlusion."""
    point = origin + direction * hit.t
    normal = smooth_normal(scene, hit, direction)
    material = scene.face_material[scene.first_face[hit.instance] + hit.face]
    finish = scene.finish[material]
    local = wp.transform_point(scene.object_from_world[hit.instance], point)
    face_normal = wp.mesh_eval_face_normal(scene.mesh[hit.instance], hit.face)
    slant = wp.max(wp.abs(wp.dot(normal, direction)), 0.15)
    base = surface_color(
        scene.pattern[material],
        scene.color[material],
        scene.accent[material],
        finish[0],
        local,
        face_normal,
        footprint * hit.t / slant,
    )
    lifted = point + normal * SHADOW_OFFSET
    ambient = scene.ambient * (0.5 * (1.0 + scene.ground) + 0.5 * (1.0 - scene.ground) * normal[1])
    mirrored = direction - 2.0 * wp.dot(direction, normal) * normal
    diffuse = wp.vec3()
    # Polished surfaces reflect a made-up room: bright above, dark below.
    reflected = (0.25 + 0.75 * wp.smoothstep(-0.3, 0.8, mirrored[1])) * scene.ambient
    specular = reflected * (0.35 * finish[1] * (0.25 + 0.75 * wp.pow(1.0 - slant, 3.0)))
    for k in range(scene.light_range.shape[0]):
        to_light = scene.light_place[k]
        distance = float(1.0e4)
        falloff = float(1.0)
        if scene.light_range[k] > 0.0:
            to_light = to_light - lifted
            distance = wp.length(to_light)
            to_light = to_light / wp.max(distance, 1.0e-4)
            share = distance / scene.light_range[k]
            falloff = wp.max(1.0 - share * share, 0.0) / (1.0 + 9.0 * share * share)
        facing = wp.dot(normal, to_light)
        lit = facing > 0.0 and falloff > 0.004
        if lit:
            lit = not blocked(scene, lifted, to_light, distance - 0.02)
        if lit:
            diffuse = diffuse + scene.light_color[k] * (facing * falloff)
            lobe = wp.pow(wp.max(wp.dot(mirrored, to_light), 0.0), 12.0 + 60.0 * finish[1])
            specular = specular + scene.light_color[k] * (lobe * falloff * finish[1] * 0.7)
    light = Light()
    light.direct = wp.cw_mul(base, diffuse) + specular + base * (finish[2] * 1.3)
    light.ambient = wp.cw_mul(base, ambient)
    light.openness = openness(scene, lifted, normal, turn)
    return light


@wp.func
def tone(color: wp.vec3):
    """Return the display value 0..1 of linear light: a soft shoulder above 0.7, then gamma 2.2."""
    out = wp.vec3()
    for k in range(3):
        value = wp.max(color[k], 0.0)
        if value > 0.7:
            value = 0.7 + 0.3 * (1.0 - wp.exp(-(value - 0.7) / 0.3))
        out[k] = wp.pow(value, 0.4545)
    return out


@wp.func
def light_behind(scene: SceneData, view: View, x: float, y: float, seen: Hit, turn: int):
    """Return the light from behind a picture position whose first hit is known, through glass and mirrors."""
    offset = ray_of(view, x, y)
    origin = view.eye
    direction = wp.normalize(view.forward + offset)
    footprint = 2.0 * view.tangent / float(view.height)
    if view.parallel == 1:
        origin = view.eye + offset
        direction = view.forward
        footprint = 0.0
    hit = seen
    total = Light()
    total.openness = 1.0
    weight = float(1.0)
    layer = int(0)
    while weight > 0.0:
        if hit.instance < 0:
            total.direct = total.direct + weight * scene.sky * (0.9 + 0.4 * wp.clamp(direction[1] + 0.3, 0.0, 1.0))
            weight = 0.0
        else:
            opacity = float(1.0)
            material = scene.face_material[scene.first_face[hit.instance] + hit.face]
            if scene.pattern[material] == GLASS and layer < GLASS_LAYERS:
                opacity = GLASS_OPACITY
            light = shade(scene, hit, origin, direction, footprint, turn)
            total.direct = total.direct + weight * opacity * light.direct
            total.ambient = total.ambient + weight * opacity * light.ambient
            if layer == 0:
                total.openness = light.openness
            weight = weight * (1.0 - opacity)
            if weight > 0.0:
                origin = origin + direction * (hit.t + 1.0e-3)
                if scene.finish[material][1] > MIRROR_GLOSS:
                    normal = smooth_normal(scene, hit, direction)
                    direction = direction - 2.0 * wp.dot(direction, normal) * normal
                    origin = origin + normal * SHADOW_OFFSET
                hit = nearest(scene, origin, direction, view.far)
                layer += 1
    return total


@wp.func
def seen_color(direct: wp.vec3, ambient: wp.vec3, open_share: float):
    """Return the display colour of light."""
    return tone(direct + ambient * (1.0 - OCCLUSION_STRENGTH * (1.0 - open_share)))


@wp.kernel
def trace_centers(
    scene: SceneData,
    view: View,
    direct: wp.array(dtype=wp.vec3),
    ambient: wp.array(dtype=wp.vec3),
    open_share: wp.array(dtype=float),
    depth: wp.array(dtype=float),
    ids: wp.array(dtype=int),
    normals: wp.array(dtype=wp.uint8, ndim=2),
):
    """Write the light, planar depth, instance index and coded normal behind every pixel's centre."""
    k = wp.tid()
    x = float(k % view.width) + 0.5
    y = float(k // view.width) + 0.5
    hit = first_hit(scene, view, x, y)
    depth[k] = view.far
    ids[k] = -1
    if hit.instance >= 0:
        ids[k] = scene.index[hit.instance]
        depth[k] = hit.t
        if view.parallel == 0:
            depth[k] = hit.t / wp.length(view.forward + ray_of(view, x, y))
        normal = smooth_normal(scene, hit, view.forward + float(1 - view.parallel) * ray_of(view, x, y))
        seen = wp.vec3(wp.dot(normal, view.right), wp.dot(normal, view.up), -wp.dot(normal, view.forward))
        for axis in range(3):
            normals[k, axis] = wp.uint8(wp.int32(127.5 * seen[axis] + 128.0))
    # Neighbours in a 2 x 2 block look along different rays; `compose` takes their mean.
    light = light_behind(scene, view, x, y, hit, k % view.width % 2 + 2 * (k // view.width % 2))
    direct[k] = light.direct
    ambient[k] = light.ambient
    open_share[k] = light.openness


@wp.kernel
def compose(
    view: View,
    direct: wp.array(dtype=wp.vec3),
    ambient: wp.array(dtype=wp.vec3),
    open_share: wp.array(dtype=float),
    depth: wp.array(dtype=float),
    ids: wp.array(dtype=int),
    color: wp.array(dtype=wp.vec3),
):
    """Write every pixel's display colour, its openness the weighted mean of the 3 x 3 pixels of the same surface."""
    k = wp.tid()
    total = float(0.0)
    weights = float(0.0)
    for j in range(9):
        dx = j % 3 - 1
        dy = j // 3 - 1
        x = k % view.width + dx
        y = k // view.width + dy
        if x >= 0 and y >= 0 and x < view.width and y < view.height:
            other = y * view.width + x
            if ids[other] == ids[k] and wp.abs(depth[other] - depth[k]) < 0.05 * depth[k]:
                # 1 2 1 in both directions: each of the four rays of a block has the same weight.
                weight = float((2 - dx * dx) * (2 - dy * dy))
                total += weight * open_share[other]
                weights += weight
    color[k] = seen_color(direct[k], ambient[k], total / weights)


@wp.func
def differs(color: wp.array(dtype=wp.vec3), ids: wp.array(dtype=int), a: int, b: int):
    """Return whether two pixels show different instances or clearly different colours."""
    gap = color[a] - color[b]
    return ids[a] != ids[b] or wp.abs(gap[0]) + wp.abs(gap[1]) + wp.abs(gap[2]) > 3.0 * EDGE_CONTRAST


@wp.kernel
def write_pixels(
    scene: SceneData,
    view: View,
    smooth_edges: int,
    color: wp.array(dtype=wp.vec3),
    ids: wp.array(dtype=int),
    rgb: wp.array(dtype=wp.uint8, ndim=2),
):
    """Write 8 bit colours; with `smooth_edges`, pixels unlike a neighbour are the mean of 2 x 2 positions."""
    k = wp.tid()
    column = k % view.width
    row = k // view.width
    value = color[k]
    if smooth_edges == 1:
        edge = bool(False)
        if column > 0:
            edge = edge or differs(color, ids, k, k - 1)
        if column + 1 < view.width:
            edge = edge or differs(color, ids, k, k + 1)
        if row > 0:
            edge = edge or differs(color, ids, k, k - view.width)
        if row + 1 < view.height:
            edge = edge or differs(color, ids, k, k + view.width)
        if edge:
            value = wp.vec3()
            for sample in range(4):
                x = float(column) + 0.25 + 0.5 * float(sample % 2)
                y = float(row) + 0.25 + 0.5 * float(sample // 2)
                light = light_behind(scene, view, x, y, first_hit(scene, view, x, y), sample)
                value = value + 0.25 * seen_color(light.direct, light.ambient, light.openness)
    for channel in range(3):
        rgb[k, channel] = wp.uint8(wp.int32(wp.clamp(value[channel], 0.0, 1.0) * 255.0 + 0.5))
