import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** Bundles the source of a notebook into a script for a plain Node, against the built platform. */
export const buildNotebook = async (source: string, folder: string): Promise<string> => {
  const outfile = join(folder, `${source.replace(/^.*\/|\.ts$/g, '')}.mjs`);
  await build({
    entryPoints: [resolve(source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    plugins: [
      {
        name: 'platform',
        setup: ({ onResolve }) => {
          onResolve({ filter: /^quantai-trad$/ }, () => ({ path: resolve('dist/index.js'), external: true }));
          onResolve({ filter: /^quantai-trad\/notebook$/ }, () => ({ path: resolve('dist/commands/notebook-kit.js'), external: true }));
        },
      },
    ],
  });
  return outfile;
};
