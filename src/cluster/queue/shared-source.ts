import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { failed, UserError } from '../../errors.js';
import { cachedLake } from '../lake/cached-lake.js';
import { fetchShared } from '../lake/fetch-shared.js';
import { openLake, type OpenLake } from '../lake/open-lake.js';
import type { SharedAddress } from '../lake/shared-parts.js';

/** Where a worker has from what its jobs share. */
export interface SharedSource {
  /** What lies at an address of a lake, the same object each time as long as it is kept. */
  get(address: SharedAddress, lake: string, signal: AbortSignal): Promise<unknown>;
}

export interface SharedSourceOptions {
  /** Folder of this machine. */
  readonly cache: string;
  readonly limitBytes: number;
  /** Used instead of the lake that a job names. */
  readonly lake: string | undefined;
  readonly log: (level: 'info' | 'warn', text: string, fields?: Readonly<Record<string, unknown>>) => void;
}

/** Documents kept in memory, for runs whose jobs come in turn: each has columns of some hundred megabytes. */
export const SHARES = 4;

/** Whether a lake has nothing because it is a folder of another machine. */
const isElsewhere = (url: string, error: unknown): boolean =>
  error instanceof UserError && error.code === 'not-in-lake' && !/^https?:/.test(url) && !existsSync(url.replace(/^file:\/\//, ''));

const lakeElsewhere = (folder: string, isOwn: boolean): UserError =>
  isOwn
    ? failed(
        'lake-unreachable',
        `Worker ${hostname()} was told to find what jobs share in the folder ${folder}, which is not there.`,
        'Start it with another --lake, or without one: then it uses what submitters name.',
      )
    : failed(
        'lake-unreachable',
        `What the jobs share is in the folder ${folder} of who submitted them, which worker ${hostname()} does not have.`,
        'Serve that lake with `quantai lake` and submit with --lake and its address; or start the worker with --lake and its own way there.',
      );

/** Fetches what jobs share once for all jobs that name it, keeps the few that were used last in memory, and parts on the machine's disk. */
export const sharedSource = ({ cache, limitBytes, lake: own, log }: SharedSourceOptions): SharedSource => {
  const kept = new Map<string, Promise<unknown>>();
  const lakes = new Map<string, OpenLake>();
  const lakeAt = (url: string): OpenLake => {
    let lake = lakes.get(url);
    if (lake === undefined) lakes.set(url, (lake = cachedLake(openLake(url), join(cache, 'parts'), { limitBytes })));
    return lake;
  };
  return {
    get: async (address, named, signal) => {
      const { hash, bytes } = address;
      let found = kept.get(hash);
      if (found === undefined) {
        const begun = performance.now();
        // Not with the signal of one job: others may wait for the same.
        const url = own ?? named;
        found = fetchShared(address, lakeAt(url), { bundles: join(cache, 'bundles') }).catch((error: unknown) => {
          throw isElsewhere(url, error) ? lakeElsewhere(url, own !== undefined) : error;
        });
        found.then(
          () => log('info', `has what jobs of ${hash.slice(0, 12)} share`, { bytes, ms: Math.round(performance.now() - begun) }),
          () => kept.delete(hash),
        );
      }
      kept.delete(hash);
      kept.set(hash, found);
      for (const old of kept.keys()) if (kept.size > SHARES) kept.delete(old);
      let stop = (): void => undefined;
      const stopped = new Promise<never>((_, reject) => (stop = () => reject(signal.reason as Error)));
      stopped.catch(() => undefined);
      signal.addEventListener('abort', stop, { once: true });
      try {
        return await Promise.race([found, stopped]);
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
  };
};
