import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The commit that a folder is at, `-dirty` when tracked files differ from it. Null outside of a repository, or without git. */
export const commitOf = async (folder: string): Promise<string | null> => {
  try {
    // Reading only: a status would otherwise write a fresher index, and another git may hold its lock.
    const { stdout } = await promisify(execFile)(
      'git',
      ['--no-optional-locks', 'describe', '--always', '--abbrev=10', '--dirty', '--exclude=*'],
      { cwd: folder },
    );
    return stdout.trim();
  } catch {
    return null;
  }
};
