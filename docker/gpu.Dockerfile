# rls3 for nodes with an NVIDIA GPU: torch with CUDA, and what AI2-THOR's Unity build (CloudRendering) needs.
#   docker build -f docker/gpu.Dockerfile -t rls3:gpu .
#   docker run --rm --gpus all --shm-size=8g -v "$PWD/runs:/mnt/rls3/runs" rls3:gpu \
#     rls3 run configs/paper.yaml configs/cluster.yaml --set runtime.address=null
# The host needs the NVIDIA driver and its container toolkit; CUDA's libraries come with torch's own wheels.
# --shm-size: Docker gives 64 MB of shared memory; Ray's object store would fall back to slow files.
FROM python:3.11-slim-bookworm

# libgl1, libglib2.0-0: OpenCV, which the AI2-THOR client brings. libvulkan1, vulkan-tools: CloudRendering and the
# client's check for it. wget: KubeRay's health probes.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgl1 libglib2.0-0 libvulkan1 vulkan-tools wget \
 && rm -rf /var/lib/apt/lists/*

# "graphics" makes the toolkit mount the driver's Vulkan library; "compute,utility" alone does not.
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility,graphics \
    OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE RAY_USAGE_STATS_ENABLED=0 MLFLOW_DISABLE_TELEMETRY=true \
    PYTHONUNBUFFERED=1

WORKDIR /rls3
# The pinned libraries first: this layer is built again only when a pin changes.
COPY constraints.txt ./
RUN pip install --no-cache-dir -c constraints.txt "ray[default,rllib]==2.60.0" torch
COPY pyproject.toml README.md LICENSE ./
COPY rls3 ./rls3
COPY configs ./configs
RUN pip install --no-cache-dir -c constraints.txt .

RUN useradd --create-home --uid 1000 ray && mkdir -p /mnt/rls3/runs runs && chown -R ray /mnt/rls3 runs
USER ray
CMD ["rls3", "doctor", "--picture", "runs/doctor.png"]
