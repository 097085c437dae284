import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { QueuePlace } from '../cluster/queue/queue-place.js';
import { accountDesk } from '../dashboard/accounts/account-desk.js';
import { accountHandlers } from '../dashboard/accounts/account-handlers.js';
import { accountStreams } from '../dashboard/accounts/account-streams.js';
import { createIdentity, type Identity } from '../dashboard/identity/identity.js';
import { LOGIN_SPAN } from '../dashboard/identity/login-sessions.js';
import { queueBoard } from '../dashboard/queue/queue-board.js';
import { queueDesk } from '../dashboard/queue/queue-desk.js';
import { queueHandlers } from '../dashboard/queue/queue-handlers.js';
import { createServer } from '../dashboard/server/create-server.js';
import { joinedSource } from '../dashboard/server/joined-source.js';
import { isLoopback } from '../dashboard/server/known-hosts.js';
import { openJobs } from '../dashboard/workbench/jobs.js';
import { workbenchHandlers } from '../dashboard/workbench/workbench-handlers.js';
import { messageOf, UserError, usageError } from '../errors.js';
import { writePrivateFile } from '../live/secrets/private-file.js';
import type { AuditWord } from '../promotion/audit/audit-record.js';
import { people } from '../promotion/people/people.js';
import { parseDuration } from '../time.js';
import { actorName } from './actor.js';
import { readConfig } from './config-file.js';
import type { DashboardArguments } from './dashboard.js';
import { createPlatform } from './dashboard/create-platform.js';
import { namedQueue } from './engine-for.js';
import { present, say, terminal } from './terminal.js';
import { registryUrl } from './registry/registry-place.js';
import { registryOf } from './registry/registry.js';
import { isAudited, workspaceAudit } from './workspace-audit.js';
import { workspaceAt, type Workspace } from './workspace.js';

const WEB_ROOT = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../dist/dashboard/web' : '../dashboard/web', import.meta.url));
/** Between two tries for a port that another dashboard of this workspace holds. */
const AGAIN_MS = 2_000;
const AUDIT_PATIENCE_MS = 5_000;

/** Where a dashboard runs, as it says so to others. */
interface Running {
  readonly url: string;
  readonly pid: number;
}

interface Started extends Running {
  /** Logs in once; null where nobody of the workspace asks for it. */
  readonly link: string | null;
}

const pem = async (path: string | undefined, what: string): Promise<string | null> => {
  if (path === undefined) return null;
  return readFile(path, 'utf8').catch(() => {
    throw usageError('no-file', `There is no ${what} at ${path}.`, 'Name a PEM file.');
  });
};

const tlsOf = async (args: DashboardArguments) => {
  const [cert, key] = await Promise.all([pem(args['tls-cert'], 'certificate'), pem(args['tls-key'], 'key')]);
  if ((cert === null) !== (key === null))
    throw usageError('half-tls', 'TLS needs a certificate and its key.', 'Give --tls-cert and --tls-key.');
  return cert === null || key === null ? null : { cert, key };
};

/** An address that others can reach needs TLS, or passwords could be read on the way, */
const requireTls = ({ host }: DashboardArguments, isTls: boolean): void => {
  if (!isLoopback(host) && !isTls)
    throw usageError(
      'no-tls',
      `${host} can be reached by others, and there is no TLS.`,
      'Give --tls-cert and --tls-key, or leave --host out and use an SSH tunnel.',
    );
};

/** and a password, or nobody could log in from there. */
const requirePassword = async ({ host }: DashboardArguments, identity: Pick<Identity, 'hasAnyPassword'>): Promise<void> => {
  if (!isLoopback(host) && !(await identity.hasAnyPassword()))
    throw usageError(
      'no-password',
      `${host} can be reached by others, and nobody has a password.`,
      'Start it without --host, log in and set one under Settings.',
    );
};

/** The dashboard of this workspace that holds a port; null where it is somebody else. */
const runningAt = async (file: string): Promise<Running | null> => {
  try {
    const { url, pid } = JSON.parse(await readFile(file, 'utf8')) as Running;
    process.kill(pid, 0);
    return { url, pid };
  } catch {
    return null;
  }
};

const openBrowser = (url: string): void => {
  const [program, ...words] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
  const child = spawn(program!, [...words, url], { stdio: 'ignore', detached: true });
  child.on('error', () => say('No browser could be opened; open the link yourself.'));
  child.unref();
};

/** Until Ctrl-C, or until the session that started it is gone. */
const untilStopped = (isChild: boolean): Promise<void> =>
  new Promise(resolve => {
    const { signal } = terminal();
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (!isChild) return;
    if (process.connected === true) process.once('disconnect', () => resolve());
    else process.stdin.resume().once('close', () => resolve());
  });

const startedText = ({ url, link }: Started, name: string, isOurs: boolean): string =>
  [
    `Dashboard  ${url}`,
    ...(link === null
      ? [`${name} is no user here; a link is printed for --as NAME.`]
      : [`Log in as ${name}, once, within 15 minutes:`, `  ${link}`]),
    ...(isOurs ? ['Ctrl-C ends it.'] : []),
  ].join('\n');

/** Words that a login leaves, where the workspace keeps an audit log. A login alone begins none. */
const recorder =
  (workspace: Workspace) =>
  async (actor: string, words: readonly AuditWord[]): Promise<void> => {
    if (!(await isAudited(workspace))) return;
    await (await workspaceAudit(workspace, { patienceMs: AUDIT_PATIENCE_MS })).append(actor, words);
  };

/** Whether the log, read now and from no copy, had this person and removed them. A workspace by itself has no copy. */
const isGone =
  (workspace: Workspace) =>
  async (name: string): Promise<boolean> => {
    if ((await registryUrl(workspace)) === null) return true;
    try {
      const records = await (await workspaceAudit(workspace, { patienceMs: AUDIT_PATIENCE_MS })).read();
      const wasRemoved = records.some(({ word }) => word.type === 'UserRemoved' && word.user === name);
      return wasRemoved && !people(records).has(name);
    } catch {
      return false;
    }
  };

/** The queue to look at. A configuration that cannot be read keeps nobody from the dashboard. */
const queueOf = async (args: DashboardArguments, workspace: Workspace): Promise<QueuePlace | null> => {
  const settings = await readConfig(workspace).catch((error: unknown) => {
    say(`warning: ${messageOf(error)}`);
    return { cluster: {} };
  });
  return namedQueue(args.on, settings);
};

/** Serve the workspace to browsers. */
export const runDashboard = async (args: DashboardArguments): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const { host, port } = args;
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw usageError('bad-port', `${port} is no port.`, 'Give a number from 0 to 65535.');
  const idleMs = parseDuration(args.idle);
  const isChild = args['with-session'] !== undefined;
  const name = actorName(args);
  const folder = join(workspace.root, 'dashboard');
  const tls = await tlsOf(args);
  requireTls(args, tls !== null);
  const platform = createPlatform({ workspace: workspace.root, owner: name });
  const identity = createIdentity({
    folder,
    hashes: (await registryOf(workspace)).hashes(folder),
    now: Date.now,
    span: { ...LOGIN_SPAN, idleMs },
    people: platform.people,
    isGone: isGone(workspace),
    owner: platform.owner,
    warn: text => say(`warning: ${text}`),
    record: recorder(workspace),
  });
  const closing: (() => Promise<unknown>)[] = [() => platform.close(), identity.close];
  try {
    await requirePassword(args, identity);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const linkTo = async (url: string): Promise<string | null> => {
      const once = await identity.makeLink(name).catch((error: unknown) => {
        if (error instanceof UserError && error.code === 'unknown-user') return null;
        throw error;
      });
      return once === null ? null : `${url}/login#once=${once}`;
    };
    const show = async (running: Running): Promise<void> => {
      const started = { ...running, link: await linkTo(running.url) };
      present(args, started, () => startedText(started, name, running.pid === process.pid));
      if (args.open) openBrowser(started.link ?? started.url);
    };
    const stopped = untilStopped(isChild).then(() => 'stopped' as const);
    const placeFile = (at: number): string => join(folder, `server-${at}.json`);

    const jobs = await openJobs({ platform, file: join(folder, 'jobs.ndjson') });
    closing.unshift(() => jobs.close());
    const desk = accountDesk(workspace.root);
    const publicHosts = (args['public-host'] ?? '')
      .split(',')
      .map(each => each.trim())
      .filter(each => each !== '');
    const place = await queueOf(args, workspace);
    const queue = place === null ? null : queueDesk(place);
    if (queue !== null) closing.unshift(queue.close);
    const app = await createServer({
      handlers: {
        ...workbenchHandlers({ platform, jobs }),
        ...queueHandlers(queue),
        ...accountHandlers({
          platform,
          desk,
          audit: async (actor, words) => (await workspaceAudit(workspace, { patienceMs: AUDIT_PATIENCE_MS })).append(actor, words),
        }),
      },
      stream: joinedSource(accountStreams(desk), jobs),
      identity,
      about: { workspace: workspace.root, version: platform.version, hasQueue: queue !== null },
      board: queue === null ? null : queueBoard({ desk: queue, record: async (actor, word) => recorder(workspace)(actor, [word]) }),
      host,
      port,
      tls,
      publicHosts,
      webRoot: WEB_ROOT,
      reportsRoot: workspace.reports,
      liveRoot: join(workspace.root, 'live'),
      now: Date.now,
      log: text => say(`dashboard: ${text}`),
    });
    closing.unshift(() => app.close());

    let isTold = false;
    for (;;) {
      try {
        await app.listen({ host, port });
        break;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
        const other = await runningAt(placeFile(port));
        if (other === null)
          throw usageError(
            'port-taken',
            `Port ${port} of ${host} is taken by another program.`,
            'Choose another with --port, or 0 for a free one.',
          );
        if (!isTold) {
          say(`The dashboard of this workspace runs already, at ${other.url} (process ${other.pid}).`);
          await show(other);
        }
        isTold = true;
        // With a session it stands by, and takes over when the other one ends.
        if (!isChild || (await Promise.race([stopped, pause(AGAIN_MS, 'again' as const)])) === 'stopped') return;
      }
    }
    const address = app.server.address();
    const at = typeof address === 'object' && address !== null ? address.port : port;
    const shownHost = publicHosts[0] ?? (host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host);
    const running = {
      url: `${tls === null ? 'http' : 'https'}://${/:\d+$/.test(shownHost) ? shownHost : `${shownHost}:${at}`}`,
      pid: process.pid,
    };
    await writePrivateFile(placeFile(at), `${JSON.stringify(running)}\n`);
    closing.unshift(() => rm(placeFile(at), { force: true }));
    if (!isTold) await show(running);
    await stopped;
  } finally {
    for (const close of closing) await close();
  }
};
