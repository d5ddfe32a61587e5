# The executable from source. Node comes with npm, which brings the Bun that package.json names.
FROM node:22-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npx --yes bun@1.4.5 run build

# What runs: one file on glibc and libstdc++, an unprivileged user, one volume.
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libstdc++6 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --home-dir /nonexistent tintype \
 && install -d -o tintype -g tintype -m 0700 /data
COPY --from=build --chmod=0755 /src/dist/tintype /usr/local/bin/tintype
ENV TINTYPE_DATA=/data TINTYPE_LISTEN=0.0.0.0:8080
USER 10001
WORKDIR /
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["/usr/local/bin/tintype", "healthcheck"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/tintype"]
CMD ["serve"]
