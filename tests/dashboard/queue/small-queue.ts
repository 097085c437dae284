import { UnrecoverableError } from 'bullmq';
import type { JobContent } from '../../../src/cluster/queue/job-content.js';
import { openQueue, openWorker } from '../../../src/cluster/queue/job-queue.js';
import { openRecords } from '../../../src/cluster/queue/open-records.js';
import { parseQueueUrl } from '../../../src/cluster/queue/parse-queue-url.js';
import { ownBuild, queueName } from '../../../src/cluster/queue/queue-name.js';
import type { QueuePlace } from '../../../src/cluster/queue/queue-place.js';

/** In the address of the queue; no browser may ever see it. */
export const PASSWORD = 'hunter2secret';

/** The place as somebody names it whose database asks for a password. */
export const withPassword = ({ url }: QueuePlace): QueuePlace => parseQueueUrl(url.replace('quantai@', `quantai:${PASSWORD}@`));

export const FAILED = 'f0'.repeat(32);
export const DELAYED = 'de'.repeat(32);
export const WAITING = '3a'.repeat(32);
const RUN = 'sma-cross-btc-3f9a12cd';

const content = (name: string): JobContent => ({
  handler: 'walk-forward/train',
  payload: JSON.stringify({ payload: { configurations: [17, 32], columns: { close: 'QUJD'.repeat(2_000) } } }),
  shared: { hash: '5c'.repeat(32), bytes: 1_000 },
  lake: `https://ana:${PASSWORD}@lake.example.org/`,
  children: null,
  name,
  run: RUN,
  tag: 1,
  audit: null,
});

/** A queue with a job that failed, one that waits and one whose time has not come; a worker, a run, a quarantined job and an alarm beside them. */
export const fillQueue = async (place: QueuePlace): Promise<void> => {
  const name = queueName(ownBuild());
  const records = await openRecords(place, name);
  const queue = openQueue(place, name, () => undefined);
  const add = (id: string, jobName: string, delay = 0) => queue.add(jobName, content(jobName), { jobId: id, ...(delay > 0 && { delay }) });
  await add(FAILED, 'fold 2, training, configurations 17 to 32');
  const worker = openWorker(place, name, () => Promise.reject(new UnrecoverableError('The column close has a gap.')), {});
  await new Promise(resolve => worker.once('failed', resolve));
  await worker.close();
  await add(WAITING, 'fold 3, training, configurations 1 to 16');
  await add(DELAYED, 'fold 4, training, configurations 1 to 16', 3_600_000);
  const error = { name: 'Error', message: 'The column close has a gap.', user: false };
  await records.beat({ ...ownBuild(), name: 'ada-4711-3f', host: 'ada', pid: 4711, threads: 4, busy: 1, done: 1204 });
  await records.enter({ key: 'k1', name: RUN, submitter: 'ana@ada', urgency: 'normal', jobs: 12 });
  await records.want('k1', [FAILED, WAITING, DELAYED]);
  await records.finish(FAILED, { kind: 'defect', error: error as never, hash: 'ee', worker: 'ada-4711-3f' });
  await records.quarantine({
    job: 'ab'.repeat(32),
    name: 'fold 1, training, configurations 1 to 16',
    run: RUN,
    handler: 'walk-forward/train',
    payload: '{}',
    deaths: [1, 2, 3].map(n => ({ worker: `cas-${n}`, at: 1_790_000_000_000, seen: 'the worker is gone' })),
  });
  await records.alarm({
    job: 'cd'.repeat(32),
    first: { worker: 'ada', hash: '11'.repeat(32) },
    second: { worker: 'bob', hash: '22'.repeat(32) },
  });
  await queue.close();
  await records.close();
};
