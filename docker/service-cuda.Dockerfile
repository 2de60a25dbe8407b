# A trie/LM service on a GPU: bytelm serve --device gpu0, which answers jobs that are started with --service. Build the project first,
# on Linux x86-64, and give the directory of libtorch 2.7.1 for CUDA 12.8 (the build with the C++11 ABI; it brings cuBLAS and cuDNN):
#   mvn -q -DskipTests package
#   docker build -f docker/service-cuda.Dockerfile --build-context libtorch=/opt/libtorch -t bytelm-service:0.1.0-cuda .
# and start it with docker run --gpus all, or nvidia.com/gpu: 1 among a container's limits. Neither has been tried on a GPU yet.
FROM eclipse-temurin:17.0.17_10-jre-noble AS java

# DJL finds the devices by the CUDA runtime, which libtorch has only under a name of its own; it is all that base images bring.
FROM nvidia/cuda:12.8.1-base-ubuntu24.04

COPY --from=java /opt/java/openjdk /opt/java/openjdk

RUN groupadd --gid 9999 bytelm \
  && useradd --uid 9999 --gid bytelm --create-home bytelm

# hadolint ignore=DL3022
COPY --from=libtorch lib/ /opt/libtorch/lib/
COPY --chown=bytelm:bytelm job/target/bytelm.jar /opt/bytelm/bytelm.jar
COPY --chown=bytelm:bytelm job/target/lib/ /opt/bytelm/lib/
COPY --chown=bytelm:bytelm configs/jvm.options /opt/bytelm/jvm.options

# Without a flavor DJL looks for libraries with the old C++ ABI, which there are none of for this version.
ENV JAVA_HOME=/opt/java/openjdk \
  PATH=/opt/java/openjdk/bin:$PATH \
  PYTORCH_LIBRARY_PATH=/opt/libtorch/lib \
  PYTORCH_VERSION=2.7.1 \
  PYTORCH_FLAVOR=cu128 \
  DJL_CACHE_DIR=/opt/bytelm/djl
RUN mkdir -p /opt/bytelm/djl && chown bytelm:bytelm /opt/bytelm/djl

USER 9999
WORKDIR /opt/bytelm
EXPOSE 9095 9096

# SIGTERM reaches the JVM itself, so that it answers what it was asked before it ends.
ENTRYPOINT ["java", "@/opt/bytelm/jvm.options", "-jar", "/opt/bytelm/bytelm.jar", "serve", "--device=gpu0", "--precision=bfloat16", "--listen=0.0.0.0:9095", "--metrics-listen=0.0.0.0:9096"]
