import type { AnswerOf } from '../../../../src/dashboard/api/endpoints.js';
import type { Canned } from './canned.js';
import { BEGIN, HOUR } from './session.js';

const worker = (name: string, host: string, busy: number, done: number, alive = true) => ({
  name,
  host,
  threads: 4,
  busy,
  done,
  begun: BEGIN - 5 * HOUR,
  seen: BEGIN,
  alive,
});

const QUEUE: AnswerOf<'queue.show'> = {
  name: 'quantai-trad-0.1.0-x64',
  server: 'PostgreSQL at db.example.org:5432',
  paused: false,
  counts: { waiting: 812, active: 7, delayed: 2, waitingChildren: 6, failed: 1 },
  workers: [worker('ada-4711-3f', 'ada', 4, 1204), worker('bob-812-9c', 'bob', 3, 988), worker('cas-77-01', 'cas', 1, 40, false)],
  runs: [
    {
      key: 'k1',
      name: 'sma-cross-btc-3f9a12cd',
      submitter: 'ana@ada',
      urgency: 'normal',
      jobs: 960,
      waiting: 412,
      done: 548,
      begun: BEGIN - HOUR,
      seen: BEGIN,
    },
    {
      key: 'k2',
      name: 'breakout-sample-77c1',
      submitter: 'ben@bob',
      urgency: 'low',
      jobs: 25_000,
      waiting: 9950,
      done: null,
      begun: BEGIN - 2 * HOUR,
      seen: BEGIN,
    },
  ],
  quarantined: [
    {
      job: 'ab'.repeat(32),
      at: BEGIN - HOUR,
      name: 'fold 2, training, configurations 17 to 32',
      run: 'sma-cross-btc-3f9a12cd',
      handler: 'walk-forward/train',
      deaths: [1, 2, 3].map(n => ({ worker: `cas-77-0${n}`, at: BEGIN - 2 * HOUR, seen: 'the worker is gone' })),
    },
  ],
  alarms: [
    {
      job: 'cd'.repeat(32),
      at: BEGIN - HOUR,
      first: { worker: 'ada-4711-3f', hash: '11'.repeat(32) },
      second: { worker: 'bob-812-9c', hash: '22'.repeat(32) },
    },
  ],
};

/** A queue of two runs, with whatever can go wrong in it. */
export const queue: Canned = {
  'queue.show': ({ empty }) =>
    empty
      ? {
          ...QUEUE,
          counts: { waiting: 0, active: 0, delayed: 0, waitingChildren: 0, failed: 0 },
          workers: [],
          runs: [],
          quarantined: [],
          alarms: [],
        }
      : QUEUE,
};
