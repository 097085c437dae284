import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileDurably } from '../../durable-file.js';
import { messageOf, UserError } from '../../errors.js';
import type { Workspace } from '../workspace.js';
import { teamFolder } from './registry-place.js';

const fileOf = (workspace: Pick<Workspace, 'root'>): string => join(teamFolder(workspace), 'joined.json');

/** Text of the mark; null where there is none. One that cannot be read is one all the same. */
const markOf = async (workspace: Pick<Workspace, 'root'>): Promise<string | null> => {
  try {
    return await readFile(fileOf(workspace), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    return messageOf(error);
  }
};

/** Whether it has brought its records into a team's registry. */
export const isJoined = async (workspace: Pick<Workspace, 'root'>): Promise<boolean> => (await markOf(workspace)) !== null;

/** Notes, for good, that what this workspace kept by itself is its team's from now on. `registry`: without its password. Once more changes nothing. */
export const joinTeam = async (workspace: Pick<Workspace, 'root'>, registry: string): Promise<void> => {
  if ((await markOf(workspace)) !== null) return;
  await mkdir(teamFolder(workspace), { recursive: true });
  await writeFileDurably(fileOf(workspace), `${JSON.stringify({ registry, at: Date.now() })}\n`);
};

/** Takes the mark of an import back that was refused before it brought anything. */
export const takeBackJoining = (workspace: Pick<Workspace, 'root'>): Promise<void> => rm(fileOf(workspace), { force: true });

/**
 * Throws (exit code 4) where the workspace has brought its records into a team's registry. Asked before anything is written into, counted by or begun on its own log and ledger: they end where the import found them, and a
 * strategy that the team has demoted since is still promoted in them. Which registry is named, or that none is, changes nothing about it.
 */
export const requireOwnRecords = async (workspace: Pick<Workspace, 'root'>): Promise<void> => {
  const mark = await markOf(workspace);
  if (mark === null) return;
  const [, registry = 'a team'] = /"registry":"([^"]*)"/.exec(mark) ?? [];
  throw new UserError(
    'joined-team',
    `This workspace belongs to ${registry}: what it kept by itself is no longer written, counted or traded by.`,
    4,
    'Name the registry with --registry, QUANTAI_REGISTRY, or registry in quantai.config.ts.',
  );
};
