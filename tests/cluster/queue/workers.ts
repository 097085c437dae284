import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderLake } from '../../../src/cluster/lake/folder-lake.js';
import type { JobEngine } from '../../../src/cluster/job-engine.js';
import { queueEngine, type QueueEngineOptions } from '../../../src/cluster/queue/queue-engine.js';
import type { QueuePlace } from '../../../src/cluster/queue/queue-place.js';
import { startWorker, type QueueWorker, type WorkerOptions } from '../../../src/cluster/queue/queue-worker.js';

/** A queue with its lake, and what was started on it. */
export interface Bench {
  readonly place: QueuePlace;
  readonly lake: string;
  readonly log: string[];
  engine(more?: Partial<QueueEngineOptions>): Promise<JobEngine>;
  worker(
    more?: Partial<Pick<WorkerOptions, 'threads' | 'name' | 'lake' | 'graceMs' | 'lockMs' | 'build'>>,
  ): QueueWorker & { readonly stop: () => Promise<number> };
  close(): Promise<void>;
}

export const benchOn = (place: QueuePlace): Bench => {
  const home = mkdtempSync(join(tmpdir(), 'queue-'));
  const lake = join(home, 'lake');
  const log: string[] = [];
  const stops: (() => Promise<unknown>)[] = [];
  return {
    place,
    lake,
    log,
    engine: async (more = {}) => {
      const engine = await queueEngine({
        place,
        lake: folderLake(lake),
        submitter: 'ada@here',
        run: 'test',
        tell: text => log.push(text),
        ...more,
      });
      stops.push(() => engine.close());
      return engine;
    },
    worker: (more = {}) => {
      const controller = new AbortController();
      const worker = startWorker({
        place,
        cache: join(home, `cache-${stops.length}`),
        threads: 2,
        lockMs: 2000,
        ...more,
        signal: controller.signal,
        log: (level, text) => log.push(`${level} ${text}`),
      });
      const stop = async (): Promise<number> => {
        controller.abort();
        return worker.ended;
      };
      stops.push(stop);
      return { ...worker, stop };
    },
    close: async () => {
      for (const stop of stops.toReversed()) await stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
