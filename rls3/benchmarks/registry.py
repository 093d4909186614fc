"""The benchmarks by name."""

from __future__ import annotations

from rls3.benchmarks.benchmark import Benchmark
from rls3.benchmarks.blink import Blink
from rls3.benchmarks.cv_bench import CvBench
from rls3.benchmarks.emb_spatial import EmbSpatial
from rls3.benchmarks.errors import BenchmarkDataError
from rls3.benchmarks.nlvr import Nlvr, NlvrImages
from rls3.benchmarks.sat import Sat
from rls3.benchmarks.shapeworld import ShapeWorld
from rls3.benchmarks.spatial_captions import CocoSpatial, GqaSpatial
from rls3.benchmarks.spatial_mqa import SpatialMqa
from rls3.benchmarks.suite import Rls3Suite
from rls3.benchmarks.three_dsr import ThreeDsrBench
from rls3.benchmarks.view_spatial import ViewSpatial
from rls3.benchmarks.vsi_bench import VsiBench
from rls3.benchmarks.vsr import Vsr
from rls3.benchmarks.whatsup import WhatsUp
from rls3.errors import nearest

BENCHMARKS: dict[str, Benchmark] = {
    benchmark.name: benchmark
    for benchmark in (
        WhatsUp(),
        CocoSpatial(),
        GqaSpatial(),
        Vsr(),
        Blink(),
        CvBench(),
        Sat(),
        EmbSpatial(),
        SpatialMqa(),
        ViewSpatial(),
        ThreeDsrBench(),
        VsiBench(),
        Nlvr(),
        NlvrImages(),
        ShapeWorld(),
        Rls3Suite(),
    )
}


def find_benchmark(name: str) -> Benchmark:
    """The benchmark called `name`.

    Raises:
        BenchmarkDataError: there is none; names the nearest and all.
    """
    if name not in BENCHMARKS:
        raise BenchmarkDataError(
            f"no benchmark '{name}'{nearest(name, BENCHMARKS)}; there are {', '.join(sorted(BENCHMARKS))}"
        )
    return BENCHMARKS[name]
