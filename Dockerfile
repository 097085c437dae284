# QuantAI-Trad in a container.
#
#   docker build -t quantai .
#   docker run --rm --init -v "$PWD:/workspace" quantai demo
#   docker run --rm --init --network host -v "$PWD:/workspace" quantai dashboard
#
# The dashboard listens on loopback only, hence --network host. Another address needs TLS and a password: docs/dashboard.md.
FROM node:20-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY scripts ./scripts
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:20-slim
ENV NODE_ENV=production QUANTAI_HOME=/workspace
WORKDIR /app
COPY --from=build /app/package.json /app/package-lock.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY datasets/sample ./datasets/sample
COPY docs ./docs
COPY notebooks ./notebooks
COPY LICENSE README.md ./
RUN mkdir /workspace && chown node:node /workspace
USER node
WORKDIR /workspace
VOLUME /workspace
EXPOSE 4780
# Healthy: the dashboard answers. A container that runs another command has no dashboard: start that one with --no-healthcheck.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4780/login').then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--max-semi-space-size=64", "/app/dist/cli.js"]
CMD ["dashboard"]
