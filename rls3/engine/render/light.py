# mypy: ignore-errors
# ruff: noqa: UP018, RUF046
# Warp compiles these functions itself: annotations are Warp's types, and float(0.0) declares a changing variable.
"""How surfaces are lit: Lambert, a specular lobe, shadows, ambient light and short-range occlusion."""

from __future__ import annotations

import warp as wp

from rls3.engine.render.textures import GLASS, surface_color
from rls3.engine.render.tiles import ALL_LIGHT, FIRST_TURN, LAST_LIGHT, Tiles
from rls3.engine.render.tracing import (
    KERNEL_OPTIONS,
    Hit,
    SceneData,
    View,
    blocked,
    face_normal,
    nearest,
    occlusion_ray,
    ray_of,
    smooth_normal,
    tile_of,
)
from rls3.engine.render.visibility import SAMPLE_COUNT, SAMPLE_X, SAMPLE_Y, seen

wp.set_module_options(KERNEL_OPTIONS)

SHADOW_OFFSET = wp.constant(2.0e-3)
OCCLUSION_STRENGTH = wp.constant(0.55)
GLASS_LAYERS = wp.constant(3)
GLASS_OPACITY = wp.constant(0.30)
MIRROR_GLOSS = wp.constant(0.99)


@wp.struct
class Light:
    """Linear light from a surface towards the eye.

    Attributes:
        diffuse: reflected from all lights, as if nothing stood in their way.
        lit: the share of it that arrives.
        ambient: reflected from all around, as if nothing were near.
        open: the share of it that arrives, before its strength is taken into account.
        glow: highlights, reflections, the surface's own light, and what shines through it.
    """

    diffuse: wp.vec3
    lit: float
    ambient: wp.vec3
    open: float
    glow: wp.vec3


@wp.func
def towards(scene: SceneData, k: int, point: wp.vec3):
    """Return the unit direction from a point to light k, and the distance."""
    place = scene.light_place[k]
    if scene.light_range[k] <= 0.0:
        return wp.vec4(place[0], place[1], place[2], 1.0e4)
    gap = place - point
    distance = wp.length(gap)
    gap = gap / wp.max(distance, 1.0e-4)
    return wp.vec4(gap[0], gap[1], gap[2], distance)


@wp.func
def falloff(reach: float, distance: float):
    """Return how much of a light's strength is left at a distance; a directional light has no reach."""
    if reach <= 0.0:
        return 1.0
    share = distance / reach
    return wp.max(1.0 - share * share, 0.0) / (1.0 + 9.0 * share * share)


@wp.func
def shade(
    scene: SceneData,
    hit: Hit,
    point: wp.vec3,
    direction: wp.vec3,
    normal: wp.vec3,
    footprint: float,
    reach: int,
    turn: int,
):
    """Return the light of a surface; `reach` says which rays something may stop, `footprint` a pixel's size on it."""
    material = scene.face_material[scene.first_face[hit.instance] + hit.face]
    finish = scene.finish[material]
    slant = wp.max(wp.abs(wp.dot(normal, direction)), 0.15)
    base = surface_color(
        scene.pattern[material],
        scene.color[material],
        scene.accent[material],
        finish[0],
        wp.transform_point(scene.object_from_world[hit.instance], point),
        face_normal(scene, hit.instance, hit.face),
        footprint / slant,
    )
    lifted = point + normal * SHADOW_OFFSET
    mirrored = direction - 2.0 * wp.dot(direction, normal) * normal
    light = Light()
    light.ambient = wp.cw_mul(
        base, scene.ambient * (0.5 * (1.0 + scene.ground) + 0.5 * (1.0 - scene.ground) * normal[1])
    )
    light.glow = base * (finish[2] * 1.3)
    if finish[1] > 0.0:
        # Polished surfaces reflect a made-up room: bright above, dark below.
        reflected = (0.25 + 0.75 * wp.smoothstep(-0.3, 0.8, mirrored[1])) * scene.ambient
        shine = 1.0 - slant
        light.glow = light.glow + reflected * (0.35 * finish[1] * (0.25 + 0.75 * shine * shine * shine))
    arriving = wp.vec3()
    offered = float(0.0)
    taken = float(0.0)
    for k in range(scene.light_range.shape[0]):
        way = towards(scene, k, lifted)
        to_light = wp.vec3(way[0], way[1], way[2])
        strength = falloff(scene.light_range[k], way[3])
        facing = wp.dot(normal, to_light)
        if facing > 0.0 and strength > 0.004:
            color = scene.light_color[k] * strength
            arriving = arriving + color * facing
            brightness = (color[0] + color[1] + color[2]) * facing
            offered += brightness
            lit = bool(True)
            if (reach & (1 << wp.min(k, LAST_LIGHT))) != 0:
                lit = not blocked(scene, lifted, to_light, way[3] - 0.02)
            if lit:
                taken += brightness
                if finish[1] > 0.0:
                    lobe = wp.pow(wp.max(wp.dot(mirrored, to_light), 0.0), 12.0 + 60.0 * finish[1])
                    light.glow = light.glow + color * (lobe * finish[1] * 0.7)
    light.diffuse = wp.cw_mul(base, arriving)
    light.lit = taken / wp.max(offered, 1.0e-6)
    light.open = 1.0
    if (reach & (FIRST_TURN << turn)) != 0:
        # The distance counts, because yes or no would draw an edge per ray.
        light.open = nearest(scene, lifted, occlusion_ray(normal, turn), 1.0).t
    return light


@wp.func
def total_light(light: Light, lit: float, open_share: float):
    """Return the light that arrives for a share of direct and of ambient light."""
    return light.diffuse * lit + light.ambient * (1.0 - OCCLUSION_STRENGTH * (1.0 - open_share)) + light.glow


@wp.func
def sky_light(scene: SceneData, direction: wp.vec3):
    """Return the light of the sky in a direction."""
    return scene.sky * (0.9 + 0.4 * wp.clamp(direction[1] + 0.3, 0.0, 1.0))


@wp.func
def light_from(scene: SceneData, view: View, seen_first: Hit, x: float, y: float, reach: int, turn: int):
    """Return the light from a picture position whose surface is known, through glass and mirrors."""
    offset = ray_of(view, x, y)
    origin = view.eye + float(view.parallel) * offset
    along = view.forward + float(1 - view.parallel) * offset
    stretch = wp.length(along)
    direction = along / stretch
    footprint = 2.0 * view.tangent / float(view.height)
    hit = seen_first
    hit.t = hit.t * stretch
    first = Light()
    weight = float(1.0)
    layer = int(0)
    while weight > 0.0:
        if hit.instance < 0:
            first.glow = first.glow + weight * sky_light(scene, direction)
            weight = 0.0
        else:
            opacity = float(1.0)
            material = scene.face_material[scene.first_face[hit.instance] + hit.face]
            if scene.pattern[material] == GLASS and layer < GLASS_LAYERS:
                opacity = GLASS_OPACITY
            point = origin + direction * hit.t
            normal = smooth_normal(scene, hit, direction)
            size = footprint
            if view.parallel == 0:
                size = footprint * hit.t
            light = shade(scene, hit, point, direction, normal, size, reach, turn)
            if layer == 0:
                first.diffuse = light.diffuse * opacity
                first.lit = light.lit
                first.ambient = light.ambient * opacity
                first.open = light.open
                first.glow = light.glow * opacity
            else:
                first.glow = first.glow + weight * opacity * total_light(light, light.lit, light.open)
            weight = weight * (1.0 - opacity)
            if weight > 0.0:
                origin = point + direction * 1.0e-3
                if scene.finish[material][1] > MIRROR_GLOSS:
                    direction = direction - 2.0 * wp.dot(direction, normal) * normal
                    origin = origin + normal * SHADOW_OFFSET
                hit = nearest(scene, origin, direction, view.far)
                layer += 1
                # What is known of the tile's rays is known of its first surfaces only.
                reach = ALL_LIGHT
    return first


@wp.kernel
def light_samples(
    scene: SceneData,
    view: View,
    tiles: Tiles,
    keys: wp.array(dtype=wp.uint64),
    wanted: wp.array(dtype=int),
    diffuse: wp.array(dtype=wp.vec3),
    lit: wp.array(dtype=float),
    ambient: wp.array(dtype=wp.vec3),
    open_share: wp.array(dtype=float),
    glow: wp.array(dtype=wp.vec3),
    strays: wp.array(dtype=wp.vec3),
):
    """Light the wanted samples (bit s: sample s): the centre's parts apart, and into `strays` the sum of the others."""
    k = wp.tid()
    wish = wanted[k]
    if wish == 0:
        return
    column = k % view.width
    row = k // view.width
    # Neighbours in a 2 x 2 block look along different rays; their mean is taken where pixels are put together.
    turn = column % 2 + 2 * (row % 2)
    reach = tiles.reach[tile_of(view, column, row)]
    total = wp.vec3()
    s = int(0)
    while wish != 0:
        if (wish & 1) != 0:
            x = float(column) + 0.5 + SAMPLE_X[s]
            y = float(row) + 0.5 + SAMPLE_Y[s]
            light = light_from(scene, view, seen(scene, view, keys[SAMPLE_COUNT * k + s], x, y), x, y, reach, turn)
            if s == 0:
                diffuse[k] = light.diffuse
                lit[k] = light.lit
                ambient[k] = light.ambient
                open_share[k] = light.open
                glow[k] = light.glow
            else:
                total = total + display(total_light(light, light.lit, light.open))
        s += 1
        wish = wish >> 1
    strays[k] = total


@wp.func
def display(light: wp.vec3):
    """Return the display value 0..1 of linear light: a soft shoulder above 0.7, then gamma 2.2."""
    out = wp.vec3()
    for k in range(3):
        value = wp.max(light[k], 0.0)
        if value > 0.7:
            value = 0.7 + 0.3 * (1.0 - wp.exp(-(value - 0.7) / 0.3))
        out[k] = wp.pow(value, 0.4545)
    return out
