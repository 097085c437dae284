import { mkdtemp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flameGraph, type CpuProfile } from './flame-graph.js';

/** Where the profiles of one benchmark gather while it runs. */
export interface Profiling {
  /** For Node: profile, and put what comes of it there. */
  readonly flags: readonly string[];
  /** Name the profiles after the benchmark, longest first, draw a flame graph beside each, and return the files that were written. */
  readonly finish: () => Promise<readonly string[]>;
}

/** Profile what is run with these flags; profiles of an earlier run of the same benchmark are replaced. */
export const profiling = async (folder: string, benchmark: string): Promise<Profiling> => {
  await mkdir(folder, { recursive: true });
  const gathered = await mkdtemp(join(folder, '.profiles-'));
  return {
    flags: ['--cpu-prof', `--cpu-prof-dir=${gathered}`],
    finish: async () => {
      const found = await Promise.all(
        (await readdir(gathered)).map(async name => ({ path: join(gathered, name), size: (await stat(join(gathered, name))).size })),
      );
      const written: string[] = [];
      // Each process and each worker thread writes one; the longest is what was measured.
      for (const [i, { path }] of found.sort((a, b) => b.size - a.size).entries()) {
        const name = `${benchmark}${i === 0 ? '' : `-${i + 1}`}`;
        const profile = JSON.parse(await readFile(path, 'utf8')) as CpuProfile;
        const [raw, drawn] = [join(folder, `${name}.cpuprofile`), join(folder, `${name}.svg`)];
        await rename(path, raw);
        await writeFile(drawn, flameGraph(profile, `npm run bench -- --only ${benchmark}`));
        written.push(raw, drawn);
      }
      await rm(gathered, { recursive: true, force: true });
      return written;
    },
  };
};
