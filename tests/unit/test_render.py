"""The ray caster against known geometry: depth, mask extent, handedness, repetition, motion, shadow."""

import os
import subprocess
import sys

import numpy as np
import pytest
import warp

from rls3.assets.material_names import material_for
from rls3.assets.model import Part
from rls3.assets.primitives import box
from rls3.engine.render.renderer import Renderer
from rls3.engine.render.scene import DirectionalLight, Instance, Lighting, PointLight, RenderCamera

PAINT = material_for("PureWhite")
SIZE = 101


def static(x: float, y: float, z: float) -> tuple[Part, ...]:
    mesh = box(x, y, z)
    return (Part(mesh.vertices.astype(np.float32), mesh.faces, PAINT),)


CUBE = static(1, 1, 1)
PLATE = static(8, 0.1, 8)


def at(x: float, y: float, z: float) -> np.ndarray:
    pose = np.eye(4)
    pose[:3, 3] = (x, y, z)
    return pose


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def test_cube_ahead_has_known_depth_and_extent(renderer: Renderer) -> None:
    renderer.set_instances([Instance("cube", CUBE, at(0, 0, 3), 7)])
    frame = renderer.render(RenderCamera((0, 0, 0), fov=90, far=50), SIZE, SIZE)
    mask = frame.ids == 7
    np.testing.assert_allclose(frame.depth[mask], 2.5, atol=1e-4)
    # The front face spans +-0.5 at 2.5 m: a fifth of the picture's half angle tangent of 1.
    rows, columns = np.nonzero(mask)
    inside = np.abs((np.arange(SIZE) + 0.5) / SIZE * 2 - 1) < 0.2
    assert (rows.min(), rows.max()) == (columns.min(), columns.max()) == tuple(np.nonzero(inside)[0][[0, -1]])
    assert mask.sum() == inside.sum() ** 2
    assert (frame.ids[~mask] == -1).all() and (frame.depth[~mask] == 50).all()


def test_frame_is_left_handed_and_upright(renderer: Renderer) -> None:
    renderer.set_instances([Instance("right", CUBE, at(2, 0, 4), 1), Instance("above", CUBE, at(0, 2, 4), 2)])
    ids = renderer.render(RenderCamera((0, 0, 0), fov=90), SIZE, SIZE).ids
    assert np.nonzero(ids == 1)[1].min() > SIZE // 2
    assert np.nonzero(ids == 2)[0].max() < SIZE // 2
    turned = renderer.render(RenderCamera((0, 0, 0), yaw=45, fov=90), SIZE, SIZE).ids
    assert np.nonzero(turned == 1)[1].max() < SIZE // 2, "clockwise seen from above: the cube moves to the left"
    lowered = renderer.render(RenderCamera((0, 0, 0), pitch=30, fov=90), SIZE, SIZE).ids
    assert np.nonzero(lowered == 1)[0].mean() < np.nonzero(ids == 1)[0].mean(), "looking down moves things up"


def test_normals_are_coded_in_the_cameras_frame(renderer: Renderer) -> None:
    renderer.set_instances([Instance("floor", PLATE, at(0, -1, 3), 0), Instance("cube", CUBE, at(0, 0, 3), 1)])
    frame = renderer.render(RenderCamera((0, 0, 0), fov=90), SIZE, SIZE)
    facing = frame.normals[frame.ids == 1].astype(int)
    assert np.abs(facing - (128, 128, 255)).max() <= 1, "the cube's front looks at the viewer"
    assert np.abs(frame.normals[frame.ids == 0].astype(int) - (128, 255, 128)).max() <= 1, "the floor looks up"
    assert (frame.normals[frame.ids == -1] == 0).all()


def test_wide_and_orthographic_pictures(renderer: Renderer) -> None:
    renderer.set_instances([Instance("cube", CUBE, at(0, 0, 3), 0)])
    frame = renderer.render(RenderCamera((0, 0, 0), orthographic_size=1.0), 80, 40)
    assert frame.rgb.shape == (40, 80, 3)
    assert (frame.ids == 0).sum() == 20 * 20
    np.testing.assert_allclose(frame.depth[frame.ids == 0], 2.5, atol=1e-4)


def test_same_state_gives_same_bytes_and_moved_object_moves(renderer: Renderer) -> None:
    floor = Instance("floor", PLATE, at(0, -1, 3), 0)
    camera = RenderCamera((0, 0.5, 0), pitch=10, fov=80)

    def shot(x: float) -> tuple[bytes, bytes, bytes, float]:
        renderer.set_instances([floor, Instance("cube", CUBE, at(x, 0, 3), 1)])
        frame = renderer.render(camera, SIZE, SIZE)
        column = float(np.nonzero(frame.ids == 1)[1].mean())
        return frame.rgb.tobytes(), frame.depth.tobytes(), frame.ids.tobytes(), column

    first, moved, again = shot(0.0), shot(0.8), shot(0.0)
    assert first == again
    assert moved[3] > first[3] + 5
    fresh = Renderer()
    fresh.set_instances([floor, Instance("cube", CUBE, at(0, 0, 3), 1)])
    assert fresh.render(camera, SIZE, SIZE).rgb.tobytes() == first[0], "refitting must not differ from building"


@pytest.mark.parametrize(
    "lighting",
    [
        Lighting(points=(PointLight((0, 4, 3), intensity=1.0),)),
        Lighting(sun=DirectionalLight((0, -1, 0))),
    ],
)
def test_shadow_darkens(renderer: Renderer, lighting: Lighting) -> None:
    floor = Instance("floor", PLATE, at(0, -1, 3), 0)
    camera = RenderCamera((0, 0.4, -0.5), pitch=25, fov=60)
    renderer.set_lighting(lighting)
    renderer.set_instances([floor])
    free = renderer.render(camera, SIZE, SIZE)
    renderer.set_instances([floor, Instance("shade", CUBE, at(0, 0.5, 3), 1)])
    shaded = renderer.render(camera, SIZE, SIZE)
    row = int(np.argmin(np.abs(free.depth[:, SIZE // 2] - 3.7)))
    assert shaded.ids[row, SIZE // 2] == 0
    assert int(shaded.rgb[row, SIZE // 2].sum()) < 0.87 * int(free.rgb[row, SIZE // 2].sum())
    assert (shaded.rgb[row, 2] >= 0.97 * free.rgb[row, 2]).all(), "far from the cube the floor stays lit"


def test_outlines_are_smooth_in_colour_only() -> None:
    renderer = Renderer()
    renderer.set_lighting(Lighting(sky=(0, 0, 0)))
    pose = at(0, 0, 3)
    pose[:2, :2] = [[0.8, -0.6], [0.6, 0.8]]
    renderer.set_instances([Instance("cube", CUBE, pose, 0)])
    frame = renderer.render(RenderCamera((0, 0, 0), fov=60), SIZE, SIZE)
    ids = np.pad(frame.ids, 1, mode="edge")
    neighbours = (ids[:-2, 1:-1], ids[2:, 1:-1], ids[1:-1, :-2], ids[1:-1, 2:])
    outline = np.any([each != frame.ids for each in neighbours], axis=0)
    full = frame.rgb[50, 50, 0]
    mixed = (frame.rgb[..., 0] != 0) & (frame.rgb[..., 0] != full)
    assert mixed.sum() > 0.5 * outline.sum() and not (mixed & ~outline).any()
    assert len(np.unique(frame.rgb[..., 0])) == 5, "no, one, two, three or all four of the edge samples"
    assert set(np.unique(frame.ids)) == {-1, 0} and frame.depth[frame.ids == 0].max() < 2.51


def scattered(generator: np.random.Generator) -> np.ndarray:
    """A random pose of a small object over the floor."""
    turn = np.linalg.qr(generator.normal(size=(3, 3)))[0]
    pose = at(*generator.uniform((-1.2, -0.6, 1.8), (1.2, 0.6, 4.2)))
    pose[:3, :3] = turn * np.sign(np.linalg.det(turn)) * 0.4
    return pose


def test_redrawn_pictures_equal_fresh_ones() -> None:
    """Objects move, one is glass, cameras alternate: every picture has the bytes of one drawn from nothing."""
    glass = tuple(Part(p.vertices, p.faces, material_for("Glass")) for p in CUBE)
    models = [CUBE, CUBE, glass, CUBE]
    floor = Instance("floor", PLATE, at(0, -1, 3), 0)
    cameras = [RenderCamera((0, 0.8, 0), pitch=15, fov=70), RenderCamera((0, 3, 3), pitch=90, orthographic_size=2.0)]
    generator = np.random.default_rng(4)
    kept = Renderer()
    poses = [scattered(generator) for _ in models]
    for step in range(8):
        poses[step % len(poses)] = scattered(generator)
        instances = [floor, *(Instance(str(i), m, poses[i], i + 1) for i, m in enumerate(models))]
        kept.set_instances(instances)
        fresh = Renderer()
        fresh.set_instances(instances)
        for camera in cameras[: 1 + step % 2]:
            for name in ("rgb", "depth", "ids", "normals"):
                ours, theirs = (getattr(r.render(camera, 90, 70), name) for r in (kept, fresh))
                assert ours.tobytes() == theirs.tobytes(), f"{name} in step {step}"


def test_gpu_draws_what_the_cpu_draws() -> None:
    if not warp.is_cuda_available():
        pytest.skip("needs an NVIDIA GPU and its driver")
    generator = np.random.default_rng(5)
    floor = Instance("floor", PLATE, at(0, -1, 3), 0)
    instances = [floor, *(Instance(str(i), CUBE, scattered(generator), i + 1) for i in range(6))]
    frames = []
    for device in ("cpu", "cuda:0"):
        renderer = Renderer(device=device)
        renderer.set_instances(instances)
        frames.append(renderer.render(RenderCamera((0, 0.8, 0), pitch=15, fov=70), 160, 120))
    cpu, gpu = frames
    grey = np.abs(cpu.rgb.astype(int) - gpu.rgb.astype(int)).max(axis=2)
    assert (grey <= 1).mean() >= 0.99
    assert (cpu.ids == gpu.ids).mean() >= 0.99
    same = cpu.ids == gpu.ids
    np.testing.assert_allclose(cpu.depth[same], gpu.depth[same], rtol=1e-3)


def test_engines_that_start_together_compile_once(tmp_path) -> None:
    """Two fresh processes and an empty cache: both are ready to draw, and each module was compiled once."""
    loud = "warp.config.log_level = warp.LOG_INFO"
    code = f"import warp; from rls3.engine.render.renderer import Renderer; {loud}; Renderer()"
    environment = {**os.environ, "WARP_CACHE_PATH": str(tmp_path)}
    command = [sys.executable, "-c", code]
    started = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    said = "".join(process.communicate()[0] for process in started)
    assert [process.returncode for process in started] == [0, 0]
    assert (said.count("(compiled)"), said.count("(cached)")) == (4, 4), said


def test_errors_name_what_is_allowed(renderer: Renderer) -> None:
    cube = Instance("cube", CUBE, at(0, 0, 3), 0)
    with pytest.raises(ValueError, match="share the key 'cube'"):
        renderer.set_instances([cube, cube])
    with pytest.raises(ValueError, match="-1 means no object"):
        renderer.set_instances([Instance("cube", CUBE, at(0, 0, 3), -1)])
    with pytest.raises(ValueError, match=r"invertible finite \(4, 4\) matrix"):
        renderer.set_instances([Instance("cube", CUBE, np.zeros((4, 4)), 0)])
    with pytest.raises(ValueError, match=r"render device 'cuda:99' is not available here; available: .*cpu"):
        Renderer(device="cuda:99")
    lamps = tuple(PointLight((0, 2, 0)) for _ in range(59))
    with pytest.raises(ValueError, match="at most 58 lights, got 59; switch some off"):
        renderer.set_lighting(Lighting(points=lamps))
    with pytest.raises(ValueError, match="at least 1 pixel, got 0 x 8"):
        renderer.render(RenderCamera((0, 0, 0)), 0, 8)
    with pytest.raises(ValueError, match="field of view must be between 0 and 180"):
        renderer.render(RenderCamera((0, 0, 0), fov=180), 8, 8)


def test_empty_scene_is_sky(renderer: Renderer) -> None:
    renderer.set_instances([])
    frame = renderer.render(RenderCamera((0, 0, 0), far=20), 8, 4)
    assert (frame.ids == -1).all() and (frame.depth == 20).all() and frame.rgb.shape == (4, 8, 3)
