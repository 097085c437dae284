import { join } from 'node:path';
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
        found = fetchShared(address, lakeAt(own ?? named), { bundles: join(cache, 'bundles') });
        found.then(
          () => log('info', `has what jobs of ${hash.slice(0, 12)} share`, { bytes, ms: Math.round(performance.now() - begun) }),
          () => kept.delete(hash),
        );
      }
      kept.delete(hash);
      kept.set(hash, found);
      for (const old of kept.keys()) if (kept.size > SHARES) kept.delete(old);
      const stopped = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
      stopped.catch(() => undefined);
      return Promise.race([found, stopped]);
    },
  };
};
