"""What dirt, heat and breaking do to any object's looks."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material, Rgb
from rls3.assets.primitives import Mesh, prism, sweep

#: Types whose glass cracks; the other breakable types fall into shards.
CRACKING = frozenset({"CellPhone", "Desktop", "Laptop", "Mirror", "ShowerDoor", "ShowerGlass", "Television", "Window"})
SHARDS = 11
CRACKS = 9
DIRT: Rgb = m.linear("#4a3521")
#: How much of the dirt's colour dirty glass takes on, evenly: spots would not show on it.
GLASS_FILM = 0.5
CHAR: Rgb = m.linear("#2a1710")


def weathered(draft: Draft, spec: Spec) -> Draft:
    """Return the draft as its condition makes it look; a clean and whole one is returned as it is."""
    if spec.condition.broken:
        draft = _cracked(draft, spec) if spec.object_type in CRACKING else _shards(draft, spec)
    if spec.condition.cooked:
        draft = _repainted(draft, 0.5, CHAR, 0.75, 0.5 * min(spec.size))
    if spec.condition.dirty:
        draft = _repainted(draft, 0.9, DIRT, 0.7, max(0.5 * min(spec.size), 0.03))
    return draft


def _repainted(draft: Draft, brightness: float, spots: Rgb, strength: float, scale: float) -> Draft:
    """Return the draft with every material darkened, and blotched with a share of another colour."""

    def mixed(color: Rgb, share: float) -> Rgb:
        red, green, blue = (share * s + (1 - share) * c for s, c in zip(spots, color, strict=True))
        return red, green, blue

    def paint(material: Material) -> Material:
        if material.emission > 0.3:
            return material
        if material.pattern == "glass":
            return replace(material, color=mixed(material.color, GLASS_FILM), gloss=0.5 * material.gloss)
        dim = (material.color[0] * brightness, material.color[1] * brightness, material.color[2] * brightness)
        gloss = 0.3 * material.gloss
        return replace(material, pattern="picture", color=dim, accent=mixed(dim, strength), scale=scale, gloss=gloss)

    return replace(draft, meshes=[(mesh, paint(material)) for mesh, material in draft.meshes])


def _shards(draft: Draft, spec: Spec) -> Draft:
    """Return flat angular pieces of the object's own materials that lie about where it stood."""
    x, _, z = spec.size
    thick = max(0.004, 0.05 * min(x, z))
    paints = [material for _, material in sorted(draft.meshes, key=lambda pair: -_extent(pair[0]))][:2]
    pile = Draft()
    for k in range(SHARDS):
        corners = 3 + k % 3
        radius = (0.10 + 0.12 * spec.number(f"radius{k}", 0, 1)) * max(x, z)
        turn = spec.number(f"turn{k}", 0, 2 * math.pi)
        outline = [
            (
                radius * spec.number(f"long{k}{i}", 0.6, 1.0) * math.cos(turn + 2 * math.pi * i / corners),
                radius * spec.number(f"long{k}{i}", 0.6, 1.0) * math.sin(turn + 2 * math.pi * i / corners),
            )
            for i in range(corners)
        ]
        piece = prism(outline, thick).turned("x", spec.number(f"tilt{k}", 0, 38) if k % 2 else 0.0)
        away, angle = 0.34 * math.sqrt((k + 0.5) / SHARDS), 2.4 * k
        low = float(piece.vertices[:, 1].min())
        at = (away * x * math.cos(angle), -low + 0.6 * thick * (k % 2), away * z * math.sin(angle))
        pile.add(piece.moved(*at), paints[k % len(paints)], solid=False)
    low_corner, high_corner = pile.bounds()
    pile.solids.append((low_corner, high_corner))
    return pile


def _extent(mesh: Mesh) -> float:
    return float(np.prod(np.ptp(mesh.vertices, axis=0) + 1e-3))


def _cracked(draft: Draft, spec: Spec) -> Draft:
    """Return the draft with cracks that run from one point of its largest pane to the edges."""
    panes = [mesh for mesh, material in draft.meshes if material.name == "Glass"]
    if not panes:
        return draft
    pane = max(panes, key=_extent).vertices
    middle = pane.mean(axis=0)
    _, _, axes = np.linalg.svd(pane - middle, full_matrices=False)
    half = np.ptp((pane - middle) @ axes.T, axis=0) / 2
    hit = np.array((spec.number("hit-u", -0.4, 0.4), spec.number("hit-v", -0.4, 0.4))) * half[:2]
    thick = 0.006 * float(half[0])
    cracked = replace(draft, meshes=list(draft.meshes))
    for side in (-1, 1):
        for k in range(CRACKS):
            angle = 2 * math.pi * (k + spec.number(f"crack{k}", 0, 0.8)) / CRACKS
            path = [hit]
            for share in (0.35, 0.7, 1.0):
                bend = angle + 0.35 * spec.number(f"bend{k}{share}", -1, 1)
                end = hit + share * 1.2 * half[:2] * np.array((math.cos(bend), math.sin(bend)))
                path.append(np.clip(end, -0.97 * half[:2], 0.97 * half[:2]))
            points = [middle + u * axes[0] + v * axes[1] + side * half[2] * axes[2] for u, v in path]
            line = sweep([(float(a), float(b), float(c)) for a, b, c in points], thick, sides=4)
            cracked.meshes.append((line, m.CRACK))
    return cracked
