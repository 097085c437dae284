import { usageError } from '../../errors.js';
import { readConfig } from '../config-file.js';
import type { Workspace } from '../workspace.js';

const VARIABLE = 'QUANTAI_REGISTRY';

/** What stood in the environment before the command line named another registry. */
let before: { readonly value: string | undefined } | null = null;

/** Take the registry that a command line names, for this command and the processes that it starts: it stands in the environment, where no list of processes shows its password. Undefined: what was there before. */
export const useRegistry = (given: string | undefined): void => {
  if (before !== null) {
    if (before.value === undefined) delete process.env[VARIABLE];
    else process.env[VARIABLE] = before.value;
    before = null;
  }
  if (given === undefined) return;
  before = { value: process.env[VARIABLE] };
  process.env[VARIABLE] = given;
};

/** Words that mean that the workspace is by itself, whatever its file says. */
const NONE = new Set(['none', 'embedded']);

/**
 * URL of the registry of the team that a workspace belongs to: `--registry`, else `QUANTAI_REGISTRY`, else `registry` of `quantai.config.ts`. Null: it is by itself, and keeps its own files. It may hold a password and is never
 * printed. A variable that is empty says nothing: a unit that lost its value is not a workspace that left its team.
 */
export const registryUrl = async (workspace: Workspace): Promise<string | null> => {
  const given = process.env[VARIABLE]?.trim() ?? '';
  const url = given === '' ? ((await readConfig(workspace)).registry ?? '') : given;
  if (url === '' || NONE.has(url)) return null;
  if (!/^postgres(ql)?:\/\//.test(url))
    throw usageError(
      'bad-registry',
      'The registry is not named by a PostgreSQL URL.',
      'Write postgres://user@host:5432/database, or "none" for the workspace by itself.',
    );
  return url;
};

/** Where the files of the workspace's team are: what was last seen of its log, and this machine's signing key. */
export const teamFolder = ({ root }: Pick<Workspace, 'root'>): string => `${root}/team`;
