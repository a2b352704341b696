# The bot in a container: `docs/usage-operators.md` tells how to run it.

FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
# The slim image has no compiler. Without one the search would be left to numpy, and take several times as long.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY corpus corpus
COPY retrieval retrieval
# All wheels first, then the installation from them alone. The bytecode is made here: what runs can't write it.
RUN python -m pip wheel --wheel-dir /wheels . \
    && python -m venv /opt/amicus \
    && /opt/amicus/bin/pip install --no-index --find-links /wheels amicus-bot \
    && /opt/amicus/bin/python -c "from retrieval.segments import kernel; assert kernel.available(), kernel.describe()" \
    && /opt/amicus/bin/pip uninstall --yes pip

FROM python:3.13-slim
RUN groupadd --gid 10001 amicus \
    && useradd --uid 10001 --gid amicus --no-create-home --home-dir /data --shell /usr/sbin/nologin amicus \
    && install --directory --owner=amicus --group=amicus --mode=0750 /data
COPY --from=build /opt/amicus /opt/amicus
ENV PATH=/opt/amicus/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    AMICUS_DATA_DIR=/data
USER 10001:10001
# Everything that is written, and the place where a config.yaml is found.
WORKDIR /data
VOLUME ["/data"]
STOPSIGNAL SIGTERM
# The running bot renews its sign of life every 15 seconds while it is connected; it counts for 90 seconds.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["amicus", "health"]
ENTRYPOINT ["amicus"]
CMD ["run"]
