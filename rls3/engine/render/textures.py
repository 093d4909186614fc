# mypy: ignore-errors
# Warp compiles these functions itself: their annotations are Warp's types, which mypy cannot check.
"""Procedural surface patterns as Warp functions of a point in the object's frame.

A pattern fades to its mean colour where one period is smaller than a pixel, so distant surfaces do not shimmer.
"""

from __future__ import annotations

from typing import get_args

import warp as wp

from rls3.assets.model import Pattern

# Annotations of Warp functions are read when the kernels are built, so this module keeps to Warp's own types.
PATTERN_INDEX: dict[str, int] = {name: index for index, name in enumerate(get_args(Pattern))}
WOOD = wp.constant(PATTERN_INDEX["wood"])
PLANKS = wp.constant(PATTERN_INDEX["planks"])
TILE = wp.constant(PATTERN_INDEX["tile"])
BRICK = wp.constant(PATTERN_INDEX["brick"])
MARBLE = wp.constant(PATTERN_INDEX["marble"])
FABRIC = wp.constant(PATTERN_INDEX["fabric"])
CARPET = wp.constant(PATTERN_INDEX["carpet"])
STRIPES = wp.constant(PATTERN_INDEX["stripes"])
METAL = wp.constant(PATTERN_INDEX["metal"])
CERAMIC = wp.constant(PATTERN_INDEX["ceramic"])
GLASS = wp.constant(PATTERN_INDEX["glass"])
PAPER = wp.constant(PATTERN_INDEX["paper"])
LEAF = wp.constant(PATTERN_INDEX["leaf"])
PICTURE = wp.constant(PATTERN_INDEX["picture"])


@wp.func
def cell_hash(x: float, y: float):
    """Return a number in 0..1 that depends on the integer cell only."""
    s = wp.sin(x * 12.9898 + y * 78.233) * 43758.5453
    return s - wp.floor(s)


@wp.func
def smooth_noise(x: float, y: float, z: float):
    """Return Perlin noise in about -1..1."""
    return wp.noise(wp.rand_init(7), wp.vec3(x, y, z))


@wp.func
def line_at(x: float, width: float, footprint: float):
    """Return how much of a pixel of size `footprint` around x a line of `width` at every integer covers."""
    distance = wp.abs(x - wp.floor(x + 0.5))
    soft = wp.max(footprint, 1.0e-4)
    cover = wp.clamp((0.5 * width + 0.5 * soft - distance) / soft, 0.0, 1.0)
    return cover * wp.min(1.0, width / soft + wp.clamp(1.0 - soft, 0.0, 1.0))


@wp.func
def planks(u: float, v: float, footprint: float):
    """Return (mix towards the accent, brightness) of floorboards of unit width."""
    row = wp.floor(v)
    along = u / 8.0 + cell_hash(row, 3.0)
    board = cell_hash(row, wp.floor(along))
    seam = wp.max(line_at(v, 0.03, footprint), line_at(along, 0.004, footprint / 8.0))
    grain = 0.5 + 0.5 * smooth_noise(u * 0.6, v * 7.0, board * 17.0)
    fade = wp.clamp(1.2 - 2.0 * footprint, 0.0, 1.0)
    return wp.vec2(wp.max(0.85 * seam, 0.35 * grain * fade + 0.175 * (1.0 - fade)), 0.82 + 0.32 * board)


@wp.func
def wood(u: float, v: float, w: float, footprint: float):
    """Return (mix, brightness) of sawn wood with its grain along v."""
    bend = smooth_noise(u * 0.25, v * 0.05, w * 0.25)
    ring = 0.5 + 0.5 * wp.sin(6.2831853 * (u + 2.2 * bend))
    fibre = 0.5 + 0.5 * smooth_noise(u * 6.0, v * 0.4, w * 6.0)
    fade = wp.clamp(1.3 - 1.6 * footprint, 0.0, 1.0)
    return wp.vec2(0.4 + fade * (0.35 * ring + 0.35 * fibre - 0.35), 1.0)


@wp.func
def bricks(u: float, v: float, footprint: float):
    """Return (mix, brightness) of a running bond, the accent is mortar."""
    row = wp.floor(v * 3.0)
    shifted = u + 0.5 * (row - 2.0 * wp.floor(row * 0.5))
    mortar = wp.max(line_at(v * 3.0, 0.12, footprint * 3.0), line_at(shifted, 0.04, footprint))
    return wp.vec2(0.8 * mortar, 0.8 + 0.35 * cell_hash(wp.floor(shifted), row))


@wp.func
def marble(p: wp.vec3):
    """Return how much of a vein of the accent colour is at a point."""
    swirl = wp.abs(smooth_noise(p[0], p[1], p[2]) + 0.5 * smooth_noise(2.3 * p[0], 2.3 * p[1], 2.3 * p[2]))
    return wp.pow(wp.clamp(1.0 - 2.2 * swirl, 0.0, 1.0), 2.0)


@wp.func
def built_mix(kind: int, u: float, v: float, w: float, footprint: float):
    """Return (mix, brightness) of the patterns that are laid or printed in a plane."""
    out = wp.vec2(0.0, 1.0)
    if kind == WOOD:
        out = wood(u, v, w, footprint)
    elif kind == PLANKS:
        out = planks(u, v, footprint)
    elif kind == TILE:
        grout = wp.max(line_at(u, 0.03, footprint), line_at(v, 0.03, footprint))
        out = wp.vec2(0.8 * grout, 0.93 + 0.1 * cell_hash(wp.floor(u), wp.floor(v)))
    elif kind == BRICK:
        out = bricks(u, v, footprint)
    elif kind == STRIPES:
        out = wp.vec2(line_at(u, 0.45, footprint), 1.0)
    elif kind == PAPER:
        text = line_at(v, 0.45, footprint) * wp.step(-0.25 - smooth_noise(u * 1.5, wp.floor(v + 0.5) * 3.1, 0.0))
        out = wp.vec2(0.75 * text, 1.0)
    elif kind == PICTURE:
        blot = smooth_noise(u * 1.1, v * 1.1, w) + 0.5 * smooth_noise(u * 2.7, v * 2.7, w + 9.0)
        out = wp.vec2(wp.smoothstep(-0.15, 0.25, blot), 0.85 + 0.3 * wp.smoothstep(-0.4, 0.4, blot))
    return out


@wp.func
def pattern_mix(kind: int, p: wp.vec3, u: float, v: float, w: float, footprint: float):
    """Return (mix towards the accent colour, brightness factor); lengths in periods of the pattern."""
    fade = wp.clamp(1.4 - 1.4 * footprint, 0.0, 1.0)
    out = built_mix(kind, u, v, w, footprint)
    if kind == MARBLE:
        out = wp.vec2(marble(p), 1.0)
    elif kind == FABRIC:
        weave = 0.5 + 0.5 * wp.sin(6.2831853 * u) * wp.sin(6.2831853 * v)
        patch = smooth_noise(p[0] * 0.12, p[1] * 0.12, p[2] * 0.12)
        out = wp.vec2(0.5 + fade * (weave - 0.5), 1.0 + 0.08 * patch)
    elif kind == CARPET:
        tuft = smooth_noise(p[0] * 0.7, p[1] * 0.7, p[2] * 0.7)
        patch = smooth_noise(p[0] * 0.06, p[1] * 0.06, p[2] * 0.06)
        out = wp.vec2(0.5 + 0.5 * fade * tuft, 1.0 + 0.12 * patch)
    elif kind == METAL:
        out = wp.vec2(0.5 + 0.5 * fade * smooth_noise(u * 2.0, v * 0.1, w * 2.0), 1.0)
    elif kind == CERAMIC:
        out = wp.vec2(0.35 + 0.35 * smooth_noise(p[0] * 0.5, p[1] * 0.5, p[2] * 0.5), 1.0)
    elif kind == LEAF:
        out = wp.vec2(0.5 + 0.5 * smooth_noise(p[0], p[1], p[2]), 1.0)
    return out


@wp.func
def runs_along_x(kind: int):
    """Return whether a pattern's direction on a level surface is x; the others run along z."""
    along = kind == PLANKS
    along = along or kind == STRIPES
    return along or kind == PAPER


@wp.func
def surface_color(
    kind: int, color: wp.vec3, accent: wp.vec3, scale: float, point: wp.vec3, normal: wp.vec3, footprint: float
):
    """Return the linear reflectance of a material at an object-space point; `footprint` is a pixel's size in metres."""
    p = point / scale
    ax = wp.abs(normal[0])
    ay = wp.abs(normal[1])
    az = wp.abs(normal[2])
    u = p[0]
    v = p[1]
    w = p[2]
    if ay >= ax and ay >= az:
        u = p[2]
        v = p[0]
        w = p[1]
        if runs_along_x(kind):
            u = p[0]
            v = p[2]
    elif ax >= az:
        u = p[2]
        w = p[0]
        if kind == PLANKS:
            u = p[1]
            v = p[2]
    mixed = pattern_mix(kind, p, u, v, w, footprint / scale)
    return (color + (accent - color) * wp.clamp(mixed[0], 0.0, 1.0)) * mixed[1]
