import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { UserError, usageError } from '../errors.js';
import { say, terminal } from './terminal.js';

/** Editors write a file in several steps. */
const SETTLE_MS = 120;

/**
 * Run now, and again whenever one of the files that the last run read is saved. A mistake of the user's is shown and waited out. Ends when
 * the terminal's signal is aborted. `run` gives the files to watch; when it fails, those of the run before stay watched.
 */
export const watchAndRun = async (entry: string, run: () => Promise<readonly string[]>): Promise<void> => {
  const { signal } = terminal();
  let files: readonly string[] = [resolve(entry)];
  let watchers: FSWatcher[] = [];
  let wake: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => wake(), SETTLE_MS);
  };
  // Folders, not files: many editors replace a file by a rename, and a watch on the old file would see nothing more.
  const look = (): void => {
    for (const watcher of watchers) watcher.close();
    watchers = [...byFolder(files)].map(([folder, within]) => {
      const names = new Set(within.map(file => basename(file)));
      return watch(folder, (_, name) => {
        if (name !== null && names.has(name)) changed();
      });
    });
  };
  try {
    while (!signal.aborted) {
      const next = new Promise<void>(done => {
        wake = done;
        signal.addEventListener('abort', () => done(), { once: true });
      });
      try {
        look();
      } catch {
        throw usageError('no-such-file', `There is no file ${entry}.`, '--watch needs a strategy in a file of yours.');
      }
      try {
        files = await run();
        if (files.length === 0)
          throw usageError('nothing-to-watch', `${entry} is built in: there is no file to watch.`, 'Leave --watch out.');
        look();
      } catch (error) {
        if (!(error instanceof UserError) || error.code === 'nothing-to-watch') throw error;
        say(`error: ${error.message}`);
        if (error.fix !== undefined) say(`fix: ${error.fix}`);
      }
      await next;
    }
  } finally {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  }
};

/** `Map.groupBy` is not in Node 20. */
const byFolder = (files: readonly string[]): Map<string, string[]> => {
  const folders = new Map<string, string[]>();
  for (const file of files) folders.set(dirname(file), [...(folders.get(dirname(file)) ?? []), file]);
  return folders;
};
