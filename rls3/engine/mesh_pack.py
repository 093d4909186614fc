"""Meshes from outside in place of the catalogue's shapes: a folder of OBJ or GLB files and a mapping, `meshes.json`.

The mapping names files by object type, each a path or an object with options:

    {"Mug": ["mug.obj", {"file": "cup.glb", "up": "z", "scale": 0.01}]}

A mesh is stretched to the size that the object has anyway; with `scale`, metres per unit of the file, it keeps its own.
`up` is the file's axis that points up, "y" (the default) or "z"; fronts look along z (or along -y when z is up). A mesh
is one rigid shape: it shows no open doors, and things stand on its top only.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rls3.assets.drafting import merged_boxes
from rls3.assets.errors import UnknownObjectTypeError
from rls3.assets.materials import linear
from rls3.assets.model import AssetModel, CollisionBox, Material, Part, Surface
from rls3.assets.types import OBJECT_TYPES
from rls3.engine.errors import ActionError
from rls3.engine.geometry import Vector
from rls3.engine.physics.collision import Physics
from rls3.engine.physics.loads import load_of
from rls3.engine.physics.stability import at_rest
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.world import World

MAPPING = "meshes.json"
MAX_TRIANGLES = 40_000
#: A part that falls into more pieces than this gets one box for all of them.
MAX_PIECES = 48
GLOSS = 0.2
#: Share of a mesh's top that carries things, in each direction.
TOP_SHARE = 0.9


class MeshPackError(ActionError):
    """A mesh pack that cannot be used."""


@dataclass(frozen=True)
class MeshFile:
    """One entry of the mapping; `scale` is in metres per unit, None to stretch the mesh to the object's size."""

    path: Path
    up: Literal["y", "z"] = "y"
    scale: float | None = None


@dataclass(frozen=True)
class MeshPack:
    """The mapping of a pack: at least one file for each of its object types."""

    files: Mapping[str, tuple[MeshFile, ...]]

    @staticmethod
    def load(folder: Path) -> MeshPack:
        """Read a pack's mapping and check that its files can be read.

        Raises:
            MeshPackError: the mapping or a file is missing or wrong, or trimesh is not installed.
        """
        mapping = folder / MAPPING
        try:
            entries = json.loads(mapping.read_text(encoding="utf-8"))
        except OSError as error:
            raise MeshPackError(f"mesh pack {mapping} cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise MeshPackError(f"mesh pack {mapping} is not JSON: {error}") from error
        if not isinstance(entries, dict) or not all(isinstance(v, list) and v for v in entries.values()):
            raise MeshPackError(f"mesh pack {mapping} must map object types to lists of files, got {entries!r}")
        files = {kind: tuple(_entry(folder, kind, each) for each in listed) for kind, listed in entries.items()}
        for file in (each for listed in files.values() for each in listed):
            _triangles(file)
        return MeshPack(files)

    def model(self, object_type: str, size: Vector, variant: int) -> AssetModel:
        """Return the mesh of a type for a variant, fitted to a size (x, y, z) in metres; equal calls share one model.

        Raises:
            KeyError: the pack has no mesh of that type.
        """
        listed = self.files[object_type]
        return _model(listed[variant % len(listed)], object_type, size, variant)

    def dress(self, world: World) -> None:
        """Give the scene's objects the pack's meshes, except where one would enter another object or let it fall."""
        physics = Physics(world)
        for item in list(world.objects.values()):
            if item.type.name in self.files and item.model.object_type in OBJECT_TYPES:
                self._dress(world, physics, item)

    def _dress(self, world: World, physics: Physics, item: SceneObject) -> None:
        model = self.model(item.type.name, item.model.size, item.model.variant)
        x, y, z = item.position
        lift = (model.size[1] - item.model.size[1]) / 2
        carried = load_of(world, physics, item).carried
        world.put(replace(item, model=model, position=(x, y + lift, z), asset_id=model.object_type))
        dressed = world.objects[item.object_id]
        free = not physics.collisions(dressed.boxes, {item.object_id})
        if not free or not all(at_rest(world, physics, each) for each in (dressed, *carried)):
            world.put(item)


def _entry(folder: Path, kind: str, entry: Any) -> MeshFile:
    if kind not in OBJECT_TYPES:
        raise MeshPackError(f"mesh pack {folder / MAPPING}: {UnknownObjectTypeError(kind, OBJECT_TYPES)}")
    options = {"file": entry} if isinstance(entry, str) else entry
    if not isinstance(options, dict) or not isinstance(options.get("file"), str) or options.keys() - _OPTIONS:
        raise MeshPackError(
            f"mesh pack {folder / MAPPING}: {kind} has the entry {entry!r}; it must be a file name, or an object with "
            f"{', '.join(sorted(_OPTIONS))}"
        )
    up, scale, path = options.get("up", "y"), options.get("scale"), folder / options["file"]
    if up not in ("y", "z"):
        raise MeshPackError(f"mesh pack {folder / MAPPING}: 'up' of {path.name} must be 'y' or 'z', got {up!r}")
    if scale is not None and not (isinstance(scale, int | float) and math.isfinite(scale) and scale > 0):
        raise MeshPackError(f"mesh pack {folder / MAPPING}: 'scale' of {path.name} must be above 0, got {scale!r}")
    if not path.is_file():
        raise MeshPackError(f"mesh pack {folder / MAPPING}: {kind} names {path}, which does not exist")
    return MeshFile(path, up, scale)


_OPTIONS = frozenset({"file", "up", "scale"})


@lru_cache(maxsize=256)
def _triangles(file: MeshFile) -> tuple[Part, ...]:
    """Return the parts of a file in its own units, turned into the engine's axes.

    Raises:
        MeshPackError: trimesh is not installed, the file cannot be read, or it holds no or too many triangles.
    """
    try:
        import trimesh
    except ImportError as error:
        raise MeshPackError(
            "mesh packs are read with trimesh, which is not here: pip install 'rls3[meshes]'"
        ) from error
    try:
        meshes = [m for m in trimesh.load_scene(file.path).dump() if len(getattr(m, "faces", ())) > 0]
    except Exception as error:  # trimesh's readers raise whatever their parsers do
        raise MeshPackError(f"mesh {file.path} cannot be read: {type(error).__name__}: {error}") from error
    count = sum(len(mesh.faces) for mesh in meshes)
    if not 0 < count <= MAX_TRIANGLES:
        raise MeshPackError(f"mesh {file.path} has {count} triangles; a mesh has 1 to {MAX_TRIANGLES}")
    for mesh in meshes:
        mesh.merge_vertices(merge_tex=True, merge_norm=True)
    return tuple(Part(_turned(mesh.vertices, file.up), _flipped(mesh.faces), _material(mesh)) for mesh in meshes)


def _turned(vertices: Any, up: str) -> NDArray[np.float32]:
    """Return right-handed points, y or z up, in the engine's left-handed axes: mirrored in x."""
    points = np.asarray(vertices, dtype=np.float64)
    if up == "z":
        points = points[:, (0, 2, 1)] * (1.0, 1.0, -1.0)
    return (points * (-1.0, 1.0, 1.0)).astype(np.float32)


def _flipped(faces: Any) -> NDArray[np.int32]:
    """Return the faces seen from the same side after mirroring."""
    return np.ascontiguousarray(np.asarray(faces, dtype=np.int32)[:, ::-1])


def _material(mesh: Any) -> Material:
    visual = mesh.visual if mesh.visual.kind != "texture" else mesh.visual.to_color()
    red, green, blue = (int(channel) for channel in visual.main_color[:3])
    color = linear(f"#{red:02x}{green:02x}{blue:02x}")
    return Material("Mesh", "plain", color, color, 0.1, GLOSS)


@lru_cache(maxsize=1024)
def _model(file: MeshFile, object_type: str, size: Vector, variant: int) -> AssetModel:
    raw = _triangles(file)
    points = np.concatenate([part.vertices for part in raw]).astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    extent = np.maximum(high - low, 1e-6)
    factor = np.array(size) / extent if file.scale is None else np.full(3, file.scale)
    middle = (low + high) / 2
    parts = tuple(
        replace(part, vertices=((part.vertices.astype(np.float64) - middle) * factor).astype(np.float32))
        for part in raw
    )
    x, y, z = (float(length) for length in extent * factor)
    top = Surface(y / 2, (0.0, 0.0), (TOP_SHARE * x / 2, TOP_SHARE * z / 2))
    surfaces = (top,) if OBJECT_TYPES[object_type].receptacle else ()
    return AssetModel(f"mesh:{file.path.name}", variant, (x, y, z), parts, _boxes(parts), surfaces)


def _boxes(parts: tuple[Part, ...]) -> tuple[CollisionBox, ...]:
    """Return boxes round the pieces of a mesh that hang together, no more than an object may have."""
    import trimesh

    bounds = []
    for part in parts:
        edges = np.concatenate([part.faces[:, (0, 1)], part.faces[:, (1, 2)]])
        pieces = trimesh.graph.connected_components(edges, nodes=np.unique(part.faces))
        for piece in pieces if len(pieces) <= MAX_PIECES else [np.unique(part.faces)]:
            points = part.vertices[piece].astype(np.float64)
            bounds.append((points.min(axis=0), points.max(axis=0)))
    return tuple(
        CollisionBox(tuple(((a + b) / 2).tolist()), tuple(((b - a) / 2).tolist())) for a, b in merged_boxes(bounds)
    )
