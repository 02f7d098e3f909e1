# syntax=docker/dockerfile:1
# One image per service: docker build --target streams-processor | ingress-api | db-sink .

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
# `mvn verify` checks format and tests before an image is built.
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -q -Dmaven.test.skip=true -Dformatter.skip=true -pl streams-processor,ingress-api,db-sink -am \
        package dependency:copy-dependencies -DincludeScope=runtime -DexcludeGroupIds=io.firstcome

FROM eclipse-temurin:25-jre-noble AS service
RUN useradd --system --uid 10001 --home-dir /var/lib/firstcome --create-home --shell /usr/sbin/nologin firstcome
COPY --chmod=644 <<'EOF' /app/jvm.options
-XX:MaxRAMPercentage=60
-XX:+UseCompactObjectHeaders
-XX:+ExitOnOutOfMemoryError
--enable-native-access=ALL-UNNAMED
--sun-misc-unsafe-memory-access=allow
-cp /app/own/*:/app/lib/*
EOF
# The image has no HTTP client, so bash sends the request of the health check.
COPY --chmod=755 <<'EOF' /app/is-live
#!/bin/bash
exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'GET /livez HTTP/1.0\r\n\r\n' >&3 && read -r _ status _ <&3 && [[ $status == 200 ]]
EOF
USER firstcome
WORKDIR /var/lib/firstcome
STOPSIGNAL SIGTERM

FROM service AS streams-processor
# A new volume takes over the owner of this directory.
RUN mkdir state
ENV FIRSTCOME_PROCESSOR_HOST=0.0.0.0 FIRSTCOME_STATE_DIR=/var/lib/firstcome/state
COPY --from=build /src/streams-processor/target/dependency /app/lib
COPY --from=build /src/coupon-contract/target/*.jar /src/service-kit/target/*.jar /src/streams-processor/target/*.jar /app/own/
EXPOSE 8082
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 CMD /app/is-live "${FIRSTCOME_PROCESSOR_PORT:-8082}"
ENTRYPOINT ["java", "@/app/jvm.options", "io.firstcome.processor.ProcessorMain"]

FROM service AS ingress-api
ENV FIRSTCOME_HTTP_HOST=0.0.0.0
COPY --from=build /src/ingress-api/target/dependency /app/lib
COPY --from=build /src/coupon-contract/target/*.jar /src/service-kit/target/*.jar /src/read-model/target/*.jar /src/redis-gate/target/*.jar /src/ingress-api/target/*.jar /app/own/
EXPOSE 8080 8081
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 CMD /app/is-live "${FIRSTCOME_HTTP_PORT:-8080}"
ENTRYPOINT ["java", "@/app/jvm.options", "io.firstcome.ingress.IngressMain"]

FROM service AS db-sink
ENV FIRSTCOME_SINK_HOST=0.0.0.0
COPY --from=build /src/db-sink/target/dependency /app/lib
COPY --from=build /src/coupon-contract/target/*.jar /src/service-kit/target/*.jar /src/db-sink/target/*.jar /app/own/
EXPOSE 8083
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 CMD /app/is-live "${FIRSTCOME_SINK_PORT:-8083}"
ENTRYPOINT ["java", "@/app/jvm.options", "io.firstcome.sink.SinkMain"]
