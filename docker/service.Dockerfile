# A trie/LM service: bytelm serve, which answers jobs that are started with --service. Build the project first, on the system and
# processor that the image is for (the native libraries are of the machine that built them):
#   mvn -q -DskipTests package && docker build -f docker/service.Dockerfile -t bytelm-service:0.1.0 .
FROM eclipse-temurin:17.0.17_10-jre-noble

RUN groupadd --gid 9999 bytelm \
  && useradd --uid 9999 --gid bytelm --create-home bytelm

COPY --chown=bytelm:bytelm job/target/bytelm.jar /opt/bytelm/bytelm.jar
COPY --chown=bytelm:bytelm job/target/lib/ /opt/bytelm/lib/
COPY --chown=bytelm:bytelm configs/jvm.options /opt/bytelm/jvm.options

# Where DJL unpacks libtorch, 447 MB once for each container; nothing is ever downloaded.
ENV DJL_CACHE_DIR=/opt/bytelm/djl
RUN mkdir -p /opt/bytelm/djl && chown bytelm:bytelm /opt/bytelm/djl

USER 9999
WORKDIR /opt/bytelm
EXPOSE 9095 9096

# SIGTERM reaches the JVM itself, so that it answers what it was asked before it ends.
ENTRYPOINT ["java", "@/opt/bytelm/jvm.options", "-jar", "/opt/bytelm/bytelm.jar", "serve", "--listen=0.0.0.0:9095", "--metrics-listen=0.0.0.0:9096"]
