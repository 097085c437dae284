import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startWorker, type WorkerLogLevel } from '../cluster/queue/queue-worker.js';
import { usageError } from '../errors.js';
import { parseDuration } from '../time.js';
import { readConfig } from './config-file.js';
import { namedQueue } from './engine-for.js';
import { present, say, terminal } from './terminal.js';
import type { WorkerArguments } from './worker.js';
import { workspaceAt } from './workspace.js';

/** The lines of a worker: JSON of pino, or text for people. */
const logOf = (isJson: boolean, isVerbose: boolean) => {
  const log = pino(
    { base: null, level: isVerbose ? 'debug' : 'info', timestamp: pino.stdTimeFunctions.isoTime },
    { write: line => terminal().err(line) },
  );
  return (level: WorkerLogLevel, text: string, fields: Readonly<Record<string, unknown>> = {}): void => {
    if (isJson) return log[level](fields, text);
    if (level === 'debug' && !isVerbose) return;
    say(`${new Date().toISOString().slice(11, 19)} ${level === 'info' || level === 'debug' ? '' : `${level}: `}${text}`);
  };
};

/** Serve a queue until Ctrl-C. */
export const runWorker = async (args: WorkerArguments): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const settings = await readConfig(workspace);
  const place = await namedQueue(args.on, settings);
  if (place === null)
    throw usageError('no-queue', 'No queue is named.', 'Give --on postgres://user@host/database or --on redis://host, or set QUANTAI_ON.');
  const threads = args.threads ?? availableParallelism();
  if (!Number.isInteger(threads) || threads < 1 || threads > 256)
    throw usageError('bad-threads', `--threads is a whole number from 1 to 256, not ${threads}.`);
  if (!(args['cache-gb'] > 0)) throw usageError('bad-cache', `--cache-gb is a number above 0, not ${args['cache-gb']}.`);
  const log = logOf(args.json, args.verbose);
  const worker = startWorker({
    place,
    lake: [args.lake, process.env['QUANTAI_LAKE'], settings.cluster.lake].find(text => text !== undefined && text !== ''),
    cache: args.cache ?? join(workspace.cache, 'worker'),
    cacheBytes: args['cache-gb'] * 2 ** 30,
    threads,
    name: args.name,
    graceMs: parseDuration(args.grace),
    signal: terminal().signal,
    log,
  });
  const jobs = await worker.ended;
  present(args, { worker: worker.name, jobs }, ({ jobs: done }) => `${done} job${done === 1 ? '' : 's'} done.`);
};
