# rls3 with the embedded engine, for nodes without GPU. Build from the repository's root:
#   docker build -f docker/cpu.Dockerfile -t rls3:cpu .
#   docker run --rm --shm-size=1g -v "$PWD/runs:/rls3/runs" rls3:cpu rls3 run configs/quickstart.yaml
# --shm-size: Docker gives 64 MB of shared memory; Ray's object store would fall back to slow files.
# TORCH_INDEX: address of PyTorch's package index for CPU builds; without it, the build with CUDA is installed.
FROM python:3.11-slim-bookworm

# libgl1, libglib2.0-0: OpenCV, which the AI2-THOR client brings. wget: KubeRay's health probes.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgl1 libglib2.0-0 wget \
 && rm -rf /var/lib/apt/lists/*

ENV OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE RAY_USAGE_STATS_ENABLED=0 MLFLOW_DISABLE_TELEMETRY=true \
    PYTHONUNBUFFERED=1

WORKDIR /rls3
ARG TORCH_INDEX=""
# The pinned libraries first: this layer is built again only when a pin changes.
COPY constraints.txt ./
RUN PIP_EXTRA_INDEX_URL="${TORCH_INDEX}" pip install --no-cache-dir -c constraints.txt "ray[default,rllib]==2.60.0" torch
COPY pyproject.toml README.md LICENSE ./
COPY rls3 ./rls3
COPY configs ./configs
RUN PIP_EXTRA_INDEX_URL="${TORCH_INDEX}" pip install --no-cache-dir -c constraints.txt .

RUN useradd --create-home --uid 1000 ray && mkdir runs && chown ray runs
USER ray
CMD ["rls3", "doctor", "--picture", "runs/doctor.png"]
