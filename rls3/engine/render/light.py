# mypy: ignore-errors
# ruff: noqa: UP018, RUF046
# Warp compiles these functions itself: annotations are Warp's types, and float(0.0) declares a changing variable.
"""How surfaces are lit: Lambert, a specular lobe, shadows, ambient light and short-range occlusion."""

from __future__ import annotations

import warp as wp

from rls3.engine.render.textures import GLASS, surface_color
from rls3.engine.render.tracing import (
    EVERYTHING,
    FIRST_TURN,
    NOTHING,
    Hit,
    SceneData,
    View,
    bit,
    blocked,
    face_normal,
    nearest,
    occlusion_ray,
    ray_of,
    smooth_normal,
)

SHADOW_OFFSET = wp.constant(2.0e-3)
OCCLUSION_STRENGTH = wp.constant(0.55)
GLASS_LAYERS = wp.constant(3)
GLASS_OPACITY = wp.constant(0.30)
MIRROR_GLOSS = wp.constant(0.99)
#: Lights fainter than this share of their strength are left out.
LEAST_LIGHT = wp.constant(0.004)


@wp.struct
class Light:
    """Linear light from a surface towards the eye.

    Attributes:
        diffuse: reflected from all lights, as if nothing stood in their way.
        lit: the share of it that arrives.
        ambient: reflected from all around, as if nothing were near.
        glow: highlights, reflections, the surface's own light, and what shines through it.
    """

    diffuse: wp.vec3
    lit: float
    ambient: wp.vec3
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
def arrives(scene: SceneData, k: int, lifted: wp.vec3, normal: wp.vec3):
    """Return whether light k reaches a point just above a surface."""
    way = towards(scene, k, lifted)
    to_light = wp.vec3(way[0], way[1], way[2])
    bright = wp.dot(normal, to_light) > 0.0 and falloff(scene.light_range[k], way[3]) > LEAST_LIGHT
    return bright and not blocked(scene, k, lifted, to_light, way[3] - 0.02)


@wp.func
def openness(scene: SceneData, lifted: wp.vec3, normal: wp.vec3, turn: int):
    """Return 1 where nothing is near along occlusion ray `turn`, towards 0 where it soon hits something: the distance
    counts, because yes or no would draw an edge per ray."""
    return nearest(scene, lifted, occlusion_ray(normal, turn), 1.0).t


@wp.func
def mean_openness(scene: SceneData, lifted: wp.vec3, normal: wp.vec3, reach: wp.int64):
    """Return the openness of all four occlusion rays, for surfaces that no neighbouring pixel shares."""
    total = float(0.0)
    turn = int(0)
    while turn < 4:
        if (reach & bit(FIRST_TURN + turn)) == NOTHING:
            total += 1.0
        else:
            total += openness(scene, lifted, normal, turn)
        turn += 1
    return 0.25 * total


@wp.func
def shade(
    scene: SceneData,
    hit: Hit,
    point: wp.vec3,
    direction: wp.vec3,
    normal: wp.vec3,
    footprint: float,
    arrived: wp.int64,
):
    """Return the light of a surface at which lights arrive; `footprint` is a pixel's size there, metres."""
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
    mirrored = direction - 2.0 * wp.dot(direction, normal) * normal
    light = Light()
    from_above = 0.5 * (1.0 + scene.ground) + 0.5 * (1.0 - scene.ground) * normal[1]
    light.ambient = wp.cw_mul(base, scene.ambient * from_above)
    light.glow = base * (finish[2] * 1.3)
    if finish[1] > 0.0:
        # Polished surfaces reflect a made-up room: bright above, dark below.
        reflected = (0.25 + 0.75 * wp.smoothstep(-0.3, 0.8, mirrored[1])) * scene.ambient
        shine = 1.0 - slant
        light.glow = light.glow + reflected * (0.35 * finish[1] * (0.25 + 0.75 * shine * shine * shine))
    irradiance = wp.vec3()
    offered = float(0.0)
    taken = float(0.0)
    for k in range(scene.light_range.shape[0]):
        way = towards(scene, k, point)
        to_light = wp.vec3(way[0], way[1], way[2])
        strength = falloff(scene.light_range[k], way[3])
        facing = wp.dot(normal, to_light)
        if facing > 0.0 and strength > LEAST_LIGHT:
            color = scene.light_color[k] * strength
            irradiance = irradiance + color * facing
            brightness = (color[0] + color[1] + color[2]) * facing
            offered += brightness
            if (arrived & bit(k)) != NOTHING:
                taken += brightness
                along = wp.dot(mirrored, to_light)
                if finish[1] > 0.0 and along > 0.5:
                    lobe = wp.pow(along, 12.0 + 60.0 * finish[1])
                    light.glow = light.glow + color * (lobe * finish[1] * 0.7)
    light.diffuse = wp.cw_mul(base, irradiance)
    light.lit = taken / wp.max(offered, 1.0e-6)
    return light


@wp.func
def total_light(light: Light, open_share: float):
    """Return the light that arrives, for a share of ambient light."""
    return light.diffuse * light.lit + light.ambient * dimming(open_share) + light.glow


@wp.func
def dimming(open_share: float):
    """Return how much of the ambient light is left for a share of open rays."""
    return 1.0 - OCCLUSION_STRENGTH * (1.0 - open_share)


@wp.func
def sky_light(scene: SceneData, direction: wp.vec3):
    """Return the light of the sky in a direction."""
    return scene.sky * (0.9 + 0.4 * wp.clamp(direction[1] + 0.3, 0.0, 1.0))


@wp.struct
class Sight:
    """A line of sight: unit direction, and a pixel's size at unit distance (perspective) or anywhere (parallel)."""

    origin: wp.vec3
    direction: wp.vec3
    stretch: float
    footprint: float


@wp.func
def sight_of(view: View, x: float, y: float):
    """Return the line of sight through a picture position; `stretch` turns planar depth into distance."""
    sight = Sight()
    offset = ray_of(view, x, y)
    along = view.forward + float(1 - view.parallel) * offset
    sight.origin = view.eye + float(view.parallel) * offset
    sight.stretch = wp.length(along)
    sight.direction = along / sight.stretch
    sight.footprint = 2.0 * view.tangent / float(view.height)
    return sight


@wp.func
def size_at(view: View, sight: Sight, distance: float):
    """Return a pixel's size at a distance, metres."""
    if view.parallel == 1:
        return sight.footprint
    return sight.footprint * distance


@wp.func
def light_beyond(scene: SceneData, view: View, sight: Sight, first_hit: Hit, first_normal: wp.vec3, reach: wp.int64):
    """Return the whole light along a line of sight from a known surface on, through glass and mirrors; `reach` says
    which rays from that surface something may stop."""
    reached = reach
    hit = first_hit
    normal = first_normal
    origin = sight.origin
    direction = sight.direction
    total = wp.vec3()
    weight = float(1.0)
    layer = int(0)
    while weight > 0.0:
        if hit.instance < 0:
            total = total + weight * sky_light(scene, direction)
            weight = 0.0
        else:
            opacity = float(1.0)
            material = scene.face_material[scene.first_face[hit.instance] + hit.face]
            if scene.pattern[material] == GLASS and layer < GLASS_LAYERS:
                opacity = GLASS_OPACITY
            point = origin + direction * hit.t
            lifted = point + normal * SHADOW_OFFSET
            arrived = wp.int64(0)
            for k in range(scene.light_range.shape[0]):
                if (reached & bit(k)) == NOTHING or arrives(scene, k, lifted, normal):
                    arrived = arrived | bit(k)
            light = shade(scene, hit, point, direction, normal, size_at(view, sight, hit.t), arrived)
            total = total + weight * opacity * total_light(light, mean_openness(scene, lifted, normal, reached))
            weight = weight * (1.0 - opacity)
            if weight > 0.0:
                origin = point + direction * 1.0e-3
                if scene.finish[material][1] > MIRROR_GLOSS:
                    direction = direction - 2.0 * wp.dot(direction, normal) * normal
                    origin = origin + normal * SHADOW_OFFSET
                hit = nearest(scene, origin, direction, view.far)
                if hit.instance >= 0:
                    normal = smooth_normal(scene, hit, direction)
                layer += 1
                reached = EVERYTHING
    return total


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
