import { inspectQueue, type QueueInspection } from '../cluster/queue/inspect-queue.js';
import type { RunStanding } from '../cluster/queue/queue-records.js';
import { WINDOW } from '../cluster/queue/submission.js';
import { otherBuilds } from '../cluster/queue/watch-workers.js';
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
/** Digits of a run's key that are shown. */
const KEY_SHOWN = 8;
const shortKey = ({ key }: RunStanding): string => key.slice(0, KEY_SHOWN);
/** Runs that are told apart in one message; more of them are counted. */
const TOLD = 8;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** States of jobs to people, where the queue's own word does not say it. */
const STATES: Readonly<Record<string, string>> = { 'waiting-children': 'wait for others', failed: 'failed in the last day' };

/** The run that a name, a key or the beginning of either means. The same search has the same name whoever submits it: it means none of them where it fits several. */
const meantRun = (runs: readonly RunStanding[], word: string): RunStanding => {
  const exact = runs.filter(({ name, key }) => name === word || key === word);
  const found = exact.length > 0 || word === '' ? exact : runs.filter(({ name, key }) => name.startsWith(word) || key.startsWith(word));
  const [run, ...more] = found;
  if (run === undefined) throw failed('unknown-run', `No run "${word}" waits for jobs.`, 'quantai jobs list shows those that do.');
  if (more.length === 0) return run;
  const shown = found
    .slice(0, TOLD)
    .map(each => `${shortKey(each)} (${each.name === word ? '' : `${each.name} `}by ${each.submitter}, begun ${formatTime(each.begun)})`);
  throw usageError(
    'ambiguous-run',
    `${found.length} runs ${exact.length > 0 ? 'are called' : 'begin with'} "${word}": ${[...shown, ...(found.length > TOLD ? [`${found.length - TOLD} more`] : [])].join(', ')}.`,
    `Name the one that is meant by its key: quantai jobs cancel ${shortKey(run)}.`,
  );
};

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
          .map(([state, n]) => `${n} ${STATES[state] ?? state}`)
          .join(', ')}`,
        '',
        runs.length === 0
          ? 'Nobody waits for anything.'
          : table(
              [
                { title: 'run' },
                { title: 'key' },
                { title: 'by' },
                { title: 'priority' },
                { title: 'jobs', align: 'right' },
                { title: 'left', align: 'right' },
                { title: 'begun' },
                { title: 'last seen' },
              ],
              runs.map(run => [
                run.name,
                shortKey(run),
                run.submitter,
                run.urgency,
                run.jobs,
                // A large run asks for its jobs bit by bit.
                run.jobs > WINDOW ? `${run.waiting} or more` : run.waiting,
                formatTime(run.begun),
                formatTime(run.seen),
              ]),
            ),
      ].join('\n'),
    );
  });

/** `quantai jobs cancel` */
export const cancelRun = (args: CancelArguments): Promise<void> =>
  looking(args, async queue => {
    const run = meantRun(await queue.runs(), args.run);
    const { name, key, submitter, waiting } = run;
    const jobs = await queue.cancel(key);
    const shared = Math.max(0, waiting - jobs);
    present(
      args,
      { run: name, key, submitter, jobs },
      () =>
        [
          `${name} (${shortKey(run)}) of ${submitter} is cancelled: ${counted(jobs, 'job')} ${jobs === 1 ? 'was' : 'were'} withdrawn`,
          ...(shared === 0
            ? []
            : [`${shared} ${shared === 1 ? 'goes' : 'go'} on because others wait for ${shared === 1 ? 'it' : 'them'} too`]),
        ].join(', ') + '.',
    );
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
    const [workers, others] = await Promise.all([queue.workers(), queue.otherWorkers()]);
    const hint = others.length === 0 ? [] : ['', otherBuilds(others)];
    present(args, { queue: queue.name, workers, others }, () =>
      [
        workers.length === 0
          ? `No worker of the same build (${queue.build}) serves the queue. Start one: quantai worker --on …`
          : table(
              [
                { title: 'worker' },
                { title: 'host' },
                { title: 'state' },
                { title: 'threads', align: 'right' },
                { title: 'busy', align: 'right' },
                { title: 'done', align: 'right' },
                { title: 'since' },
                { title: 'last seen' },
              ],
              workers.map(each => [
                each.name,
                each.host,
                !each.alive ? 'gone' : each.busy > 0 ? 'at work' : 'idle',
                each.threads,
                each.alive ? each.busy : 0,
                each.done,
                formatTime(each.begun),
                each.alive ? 'now' : formatTime(each.seen),
              ]),
            ),
        ...hint,
      ].join('\n'),
    );
  });
