# Lightbox in a container. Both services of compose.yaml run this image.
#   docker build -t lightbox .                            for the CPU
#   docker build -t lightbox:gpu --build-arg GPU=1 .      with TensorFlow's CUDA libraries
ARG PYTHON_IMAGE=python:3.12-slim
FROM ${PYTHON_IMAGE}
ARG GPU=0

RUN useradd --create-home --uid 10001 lightbox
USER lightbox
WORKDIR /home/lightbox

ENV PATH=/home/lightbox/venv/bin:$PATH
ENV PYTHONUNBUFFERED=1
ENV LIGHTBOX_HOME=/home/lightbox/data
RUN python -m venv venv && mkdir app data
WORKDIR /home/lightbox/app

# The packages before the program: a change of the program does not install them again.
COPY --chown=lightbox requirements.txt requirements-gpu.txt ./
RUN if [ "$GPU" = 1 ]; then list=requirements-gpu.txt; else list=requirements.txt; fi; \
    pip install --no-cache-dir --disable-pip-version-check --no-input --quiet -r "$list"
COPY --chown=lightbox . ./

VOLUME /home/lightbox/data
EXPOSE 8501
# 200 with a key or 401 without: either way the app and its gate answer.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-m", "core", "alive", "--port", "8501"]
# 0.0.0.0 demands an access key: LIGHTBOX_ACCESS_KEY, or one that is drawn; the link in the log carries it.
CMD ["python", "-m", "core", "serve", "--host", "0.0.0.0", "--port", "8501"]
