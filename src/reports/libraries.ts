import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const BUILDS = [
  ['vega', 'vega.min.js'],
  ['vega-lite', 'vega-lite.min.js'],
  ['vega-embed', 'vega-embed.min.js'],
] as const;

let cached: readonly string[] | undefined;

/**
 * The minified builds of Vega, Vega-Lite and Vega-Embed as they are installed, in the order in which a page must run them. Read once a
 * process. Source map comments are cut, because a browser's inspector would ask for the maps.
 */
export const chartLibraries = (): readonly string[] => {
  if (cached) return cached;
  const require = createRequire(import.meta.url);
  cached = BUILDS.map(([name, file]) => {
    // Each package exports its module in `build`, beside the minified one.
    const build = dirname(require.resolve(name));
    return readFileSync(join(build, file), 'utf8').replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '');
  });
  return cached;
};
