import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileDurably } from '../../durable-file.js';
import { JobView } from '../api/research-api.js';

/** Where jobs are kept from one start of the server to the next: one line for each change that matters, in a file for its owner alone. */
export interface JobLog {
  /** What was on record when it was opened, the oldest job first, as each stood last. */
  readonly known: readonly JobView[];
  /** Jobs are written in the order of the calls. */
  append(view: JobView): void;
  /** Resolves when what was appended is on the disk, or cannot be. */
  written(): Promise<void>;
}

/** Lines beyond which the file is written anew, with the newest jobs only. */
const LONGEST = 2000;
const KEPT = 200;

const viewOf = (line: string): JobView | undefined => {
  try {
    // A line that a crash cut short, or that another release wrote otherwise, is no job.
    return JobView.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
};

/** Opens the log of jobs; there need be none. */
export const openJobLog = async (path: string): Promise<JobLog> => {
  const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n').filter(line => line !== '');
  const known = new Map<string, JobView>();
  for (const line of lines) {
    const view = viewOf(line);
    if (view !== undefined) known.set(view.job, view);
  }
  const kept = [...known.values()].slice(-KEPT);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  if (lines.length > LONGEST) await writeFileDurably(path, kept.map(view => `${JSON.stringify(view)}\n`).join(''), 0o600);
  // Half a line that a crash left must not swallow the next.
  let gap = lines.length > 0 && viewOf(lines.at(-1) ?? '') === undefined ? '\n' : '';
  let last: Promise<void> = Promise.resolve();
  return {
    known: kept,
    append: view => {
      const text = `${gap}${JSON.stringify(view)}\n`;
      gap = '';
      // A list of jobs that cannot be kept hinders no job.
      last = last.then(() => appendFile(path, text, { mode: 0o600 })).catch(() => undefined);
    },
    written: () => last,
  };
};
