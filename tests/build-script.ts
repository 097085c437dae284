import { resolve } from 'node:path';
import { build } from 'esbuild';

/** Bundles a TypeScript file into a script that a plain Node process can run. */
export const buildScript = async (entry: string, outfile: string): Promise<void> => {
  await build({
    entryPoints: [resolve(entry)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
};
