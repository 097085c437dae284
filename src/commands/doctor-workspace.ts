import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, relative } from 'node:path';
import { nodeDisk } from '../journal/node-disk.js';
import { verifyLiveJournal } from '../journal/ndjson/verify-live-journal.js';
import { stagesLock } from '../promotion/audit/embedded-audit.js';
import { readConfig } from './config-file.js';
import { firstLine, note, ok, wrong, type Check } from './doctor-check.js';
import { bytes, grouped } from './figures.js';
import { liveJournal } from './live-account.js';
import { namedSessions } from './session-names.js';
import { auditFolder } from './audit-options.js';
import { isAudited, workspaceAudit } from './workspace-audit.js';
import type { Workspace } from './workspace.js';

const writable = async (workspace: Workspace): Promise<Check> => {
  const probe = join(workspace.cache, `probe-${process.pid}`);
  try {
    await mkdir(workspace.cache, { recursive: true });
    await writeFile(probe, '');
    await rm(probe);
    return ok('workspace', `${workspace.root} is writable`);
  } catch (error) {
    return wrong(
      'workspace',
      `${workspace.root} cannot be written to: ${firstLine(error)}`,
      'Check its permissions, or choose another with --workspace.',
    );
  }
};

const configuration = async (workspace: Workspace): Promise<Check> => {
  try {
    await readConfig(workspace);
    return existsSync(workspace.configFile)
      ? ok('quantai.config.ts', 'is valid')
      : note('quantai.config.ts', 'there is none; every setting has a default');
  } catch (error) {
    return wrong('quantai.config.ts', firstLine(error), 'Mend the key that it names.');
  }
};

/** A journal that is larger is left to `verify journal`: the doctor answers within seconds. */
const QUICK_BYTES = 64 * 2 ** 20;

const sizeOf = async (folder: string): Promise<number> => {
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async name => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
};

const journals = async (workspace: Workspace): Promise<Check[]> => {
  const sessions = await namedSessions(workspace, {});
  const checks: Check[] = [];
  for (const { account } of sessions) {
    const name = `journal ${account}`;
    const folder = liveJournal(account);
    const fix = `Look at it with \`quantai verify journal ${account}\`, and put a copy back.`;
    try {
      const size = await sizeOf(join(workspace.root, folder));
      if (size > QUICK_BYTES) {
        checks.push(note(name, `${bytes(size)}: too large to verify in passing`, `Run \`quantai verify journal ${account}\`.`));
        continue;
      }
      const { fault, facts } = await verifyLiveJournal(nodeDisk(workspace.root), folder);
      checks.push(fault === null ? ok(name, `${grouped(facts)} facts, every hash true`) : wrong(name, fault, fix));
    } catch (error) {
      checks.push(wrong(name, firstLine(error), fix));
    }
  }
  return checks;
};

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** Locks whose process is gone. The next writer takes such a lock over by itself, unless it is another computer's. */
const locks = async (workspace: Workspace): Promise<Check[]> => {
  const folders = await readdir(workspace.datasets).catch(() => []);
  const places = [
    ...folders.map(name => join(workspace.datasets, name, '.writer-lock')),
    stagesLock(auditFolder(workspace)),
    join(workspace.root, 'practice.json'),
  ].filter(existsSync);
  const left: string[] = [];
  for (const place of places) {
    const text = await readFile(place, 'utf8').catch(() => '');
    const [, pid, host] = /^(\d+)\.\d+ (.*)$/.exec(text) ?? ['', /"pid": (\d+)/.exec(text)?.[1], hostname()];
    if (pid === undefined || host !== hostname() || !isRunning(Number(pid))) left.push(relative(workspace.root, place));
  }
  return left.length === 0
    ? [ok('locks', 'none is left over')]
    : [note('locks', `left over: ${left.join(', ')}`, 'If nothing on another computer uses this workspace, remove them.')];
};

const auditLog = async (workspace: Workspace): Promise<Check> => {
  if (!(await isAudited(workspace).catch(() => existsSync(auditFolder(workspace)))))
    return note('audit log', 'there is none yet: it begins with what has to do with money, keys or people');
  try {
    const { firstBad, records } = await (await workspaceAudit(workspace)).verify();
    return firstBad === null
      ? ok('audit log', `${grouped(records)} records, each as it was written`)
      : wrong(
          'audit log',
          `record ${firstBad.seq}: ${firstBad.reason}`,
          'Put a copy back, and find out who changed it: quantai audit verify.',
        );
  } catch (error) {
    return wrong('audit log', firstLine(error), 'See `quantai audit verify`.');
  }
};

/** A workspace that can be written to, its configuration, journals, locks and audit log. */
export const examineWorkspace = async (workspace: Workspace): Promise<readonly Check[]> => [
  await writable(workspace),
  await configuration(workspace),
  ...(await journals(workspace)),
  ...(await locks(workspace)),
  await auditLog(workspace),
];
