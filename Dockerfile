# Heed in a container: one static program, no shell, no root. Postgres runs beside it
# (see compose.yaml): the embedded one needs Postgres' programs, which are not in here.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -o /heed ./cmd/heed

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /heed /heed
USER 65532:65532
ENV HEED_LISTEN=:8080 HEED_LOG=json
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["/heed", "healthcheck"]
ENTRYPOINT ["/heed"]
CMD ["serve"]
