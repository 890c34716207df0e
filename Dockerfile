# Two stages: `build` leaves the native binary at /src/out/sessiond, `devbox` is a small example image in which it is the entry point.
#
#   docker build -t devbox .
#   docker run --rm -it -p 127.0.0.1:7681:7681 devbox
#
# BUILD_IMAGE needs the .NET 10 SDK, gcc, zlib's headers and Node 20.19; what is missing is installed with apt where that has it.
# The binary needs a glibc as new as the one it was built with, so build on the oldest distribution that is to run it.
ARG BUILD_IMAGE=ubuntu:26.04
ARG RUN_IMAGE=ubuntu:26.04

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY . .
RUN packaging/dashboard.sh && packaging/publish.sh out

FROM ${RUN_IMAGE} AS devbox
# One account for the person. An image that has its own passes its name: --build-arg DEVBOX_USER=vscode (and edits image/sessiond.toml).
ARG DEVBOX_USER=devbox
RUN id "$DEVBOX_USER" >/dev/null 2>&1 || useradd --create-home --shell /bin/bash "$DEVBOX_USER"
COPY --from=build /src/out/sessiond /usr/local/bin/sessiond
COPY packaging/image/sessiond.toml /etc/sessiond/sessiond.toml
RUN sessiond check /etc/sessiond/sessiond.toml \
 && mkdir -p /workspaces /var/lib/sessiond /etc/bash_completion.d \
 && chown "$DEVBOX_USER" /workspaces \
 && sessiond completion bash > /etc/bash_completion.d/sessiond
WORKDIR /workspaces
# As root it gives each session to the user that the spec names, and reaps what is orphaned: it needs no init before it.
# Without root (`docker run --user devbox`, or `USER devbox` here) everything runs as that user; the socket is in /tmp/sessiond-UID then, and the
# state in the user's home.
STOPSIGNAL SIGTERM
ENTRYPOINT ["sessiond", "serve"]
