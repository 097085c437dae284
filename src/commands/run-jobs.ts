import { inspectQueue, type QueueInspection } from '../cluster/queue/inspect-queue.js';
import { failed, usageError } from '../errors.js';
import { formatTime } from '../time.js';
import { readConfig } from './config-file.js';
import { namedQueue } from './engine-for.js';
import type { CancelArguments, JobsArguments, ReleaseArguments } from './jobs.js';
import { table } from './table.js';
import { present } from './terminal.js';
import { workspaceAt } from './workspace.js';

/** Digits of an id that are shown, and that are enough to name one. */
const SHOWN = 12;
const WHOLE_ID = /^[0-9a-f]{64}$/;
const short = (hash: string): string => hash.slice(0, SHOWN);

const looking = async <R>(args: JobsArguments, look: (queue: QueueInspection) => Promise<R>): Promise<R> => {
  const place = await namedQueue(args.on, await readConfig(workspaceAt(args.workspace)));
  if (place === null)
    throw usageError('no-queue', 'No queue is named.', 'Give --on postgres://user@host/database or --on redis://host, or set QUANTAI_ON.');
  const queue = await inspectQueue(place);
  try {
    return await look(queue);
  } finally {
    await queue.close();
  }
};

/** `quantai jobs list` */
export const listJobs = (args: JobsArguments): Promise<void> =>
  looking(args, async queue => {
    const [counts, runs] = await Promise.all([queue.counts(), queue.runs()]);
    present(args, { queue: queue.name, counts, runs }, () =>
      [
        `${queue.build}: ${Object.entries(counts)
          .map(([state, n]) => `${n} ${state}`)
          .join(', ')}`,
        '',
        runs.length === 0
          ? 'Nobody waits for anything.'
          : table(
              [
                { title: 'run' },
                { title: 'by' },
                { title: 'priority' },
                { title: 'jobs', align: 'right' },
                { title: 'waiting', align: 'right' },
                { title: 'begun' },
                { title: 'last seen' },
              ],
              runs.map(run => [run.name, run.submitter, run.urgency, run.jobs, run.waiting, formatTime(run.begun), formatTime(run.seen)]),
            ),
      ].join('\n'),
    );
  });

/** `quantai jobs cancel` */
export const cancelRun = (args: CancelArguments): Promise<void> =>
  looking(args, async queue => {
    const found = (await queue.runs()).filter(({ name, key }) => name === args.run || key === args.run);
    if (found.length === 0) throw failed('unknown-run', `No run "${args.run}" waits for jobs.`, 'quantai jobs list shows those that do.');
    let jobs = 0;
    for (const { key } of found) jobs += await queue.cancel(key);
    present(args, { run: args.run, jobs }, () => `${args.run} is cancelled; ${jobs} of its jobs are waited for by nobody else.`);
  });

/** `quantai jobs quarantine` */
export const listQuarantine = (args: JobsArguments): Promise<void> =>
  looking(args, async queue => {
    const quarantined = await queue.quarantined();
    present(args, { quarantined }, () =>
      quarantined.length === 0
        ? 'No job is quarantined.'
        : quarantined
            .map(({ job, name, run, handler, payload, deaths }) =>
              [
                `${short(job)}  ${name}, of ${run}, by ${handler}`,
                ...deaths.map(({ worker, at, seen }) => `  ${formatTime(at)}  ${worker}: ${seen}`),
                `  ${payload}`,
              ].join('\n'),
            )
            .join('\n\n'),
    );
  });

/** `quantai jobs release` */
export const releaseJob = (args: ReleaseArguments): Promise<void> =>
  looking(args, async queue => {
    const [quarantined, alarms] = await Promise.all([queue.quarantined(), queue.alarms()]);
    const ids = new Set([...quarantined, ...alarms].map(({ job }) => job).filter(id => id.startsWith(args.id)));
    // A job whose mistake is kept, say because its machine lacked something, stands in neither list.
    if (ids.size === 0 && WHOLE_ID.test(args.id)) ids.add(args.id);
    const [id, ...more] = ids;
    if (id === undefined)
      throw failed(
        'unknown-job',
        `No quarantined job and no alarm begins with "${args.id}".`,
        'See quantai jobs quarantine and quantai jobs alarms. Any other job is named by its whole id.',
      );
    if (more.length > 0) throw usageError('ambiguous-job', `${ids.size} jobs begin with "${args.id}".`, 'Give more of the id.');
    await queue.release(id);
    present(args, { job: id }, () => `${short(id)} is done again when it is next asked for.`);
  });

/** `quantai jobs alarms` */
export const listAlarms = (args: JobsArguments): Promise<void> =>
  looking(args, async queue => {
    const alarms = await queue.alarms();
    present(args, { alarms }, () =>
      alarms.length === 0
        ? 'No job gave two different results.'
        : table(
            [{ title: 'job' }, { title: 'at' }, { title: 'first by' }, { title: 'result' }, { title: 'then by' }, { title: 'result' }],
            alarms.map(({ job, at, first, second }) => [
              short(job),
              formatTime(at),
              first.worker,
              short(first.hash),
              second.worker,
              short(second.hash),
            ]),
          ),
    );
  });

/** `quantai jobs workers` */
export const listWorkers = (args: JobsArguments): Promise<void> =>
  looking(args, async queue => {
    const workers = await queue.workers();
    present(args, { queue: queue.name, workers }, () =>
      workers.length === 0
        ? `No worker of the same build (${queue.build}) serves the queue. Start one: quantai worker --on …`
        : table(
            [
              { title: 'worker' },
              { title: 'host' },
              { title: 'threads', align: 'right' },
              { title: 'busy', align: 'right' },
              { title: 'done', align: 'right' },
              { title: 'since' },
              { title: 'last seen' },
            ],
            workers.map(each => [
              each.name,
              each.host,
              each.threads,
              each.busy,
              each.done,
              formatTime(each.begun),
              each.alive ? 'now' : formatTime(each.seen),
            ]),
          ),
    );
  });
