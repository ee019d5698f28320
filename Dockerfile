# Drover in a container. Node runs its TypeScript as it is: nothing is built.
#   docker build -t drover . && docker run --rm -p 127.0.0.1:7070:7070 drover
FROM node:24-alpine AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force

FROM node:24-alpine
WORKDIR /app
ENV NODE_ENV=production
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY policies ./policies
COPY src ./src
COPY grafana/compose/drover.yaml /etc/drover/drover.yaml
RUN mkdir -p /var/lib/drover && chown node:node /var/lib/drover
VOLUME /var/lib/drover
USER node
EXPOSE 7070
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:7070/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "src/main.ts"]
CMD ["run", "--config", "/etc/drover/drover.yaml"]
