import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { UserError, usageError } from '../errors.js';
import { nodeDisk } from '../journal/node-disk.js';
import { pause, type LiveClock } from '../live/live-clock.js';
import { redactor, type Redactor } from '../live/secrets/redactor.js';
import { Secret } from '../live/secrets/secret.js';
import { fencing } from '../live/session/fencing.js';
import { askSession, isPlaceHeld, socketLock } from '../live/session/socket-lock.js';
import { lossWatch } from '../live/watchdog/loss-watch.js';
import { parseMaxLoss } from '../live/watchdog/max-loss.js';
import { Pulse } from '../live/watchdog/pulse.js';
import { DEFAULT_WATCHDOG, watchdog, type Watchdog } from '../live/watchdog/watchdog.js';
import { settlementAsset, type Instrument } from '../market/instrument.js';
import { parseDuration } from '../time.js';
import { readConfig } from './config-file.js';
import { noCoreDumps } from './no-core-dumps.js';
import { notifyKeys } from './notify-keys.js';
import { passphraseOnce } from './passphrase-once.js';
import { connectSession, type Connection } from './session-connection.js';
import { sessionCredentials } from './session-credentials.js';
import { sessionLog, type SessionLog } from './session-log.js';
import { namedSessions, type NamedSession } from './session-names.js';
import { sessionNotices } from './session-notices.js';
import { present, say, terminal } from './terminal.js';
import { watchdogPlace } from '../live/watchdog/watchdog-place.js';
import { watchdogDoor } from './watchdog-door.js';
import { readHandover, type Handover } from './watchdog-handover.js';
import type { WatchdogArguments } from './watchdog.js';
import { workspaceAt, type Workspace } from './workspace.js';

const ASK_MS = 2_000;
/** The watchdog of the session before needs a moment to see that another has begun. */
const PLACE_MS = 60_000;
const RETRY_MS = 1_000;

/** Its own keys, found where a session finds them. */
const ownKeys = async (args: WatchdogArguments, workspace: Workspace, session: NamedSession, hide: Redactor): Promise<Handover> => {
  const { notify } = await readConfig(workspace);
  const passphrase = passphraseOnce();
  const credentials = session.practice
    ? null
    : await sessionCredentials(args.keys ?? args.account, session.venue, hide, args['key-file'], passphrase);
  return { credentials, notify, keys: await notifyKeys(notify, hide, passphrase) };
};

const handedKeys = async (hide: Redactor): Promise<Handover> => {
  const handed = readHandover(await text(process.stdin));
  if (handed.credentials !== null) for (const value of [handed.credentials.key, handed.credentials.secret]) hide.add(new Secret(value));
  for (const set of handed.keys) for (const secret of [set.key, set.secret, ...(set.password ? [set.password] : [])]) hide.add(secret);
  return handed;
};

/** The account's instruments, as its sessions have kept them. */
const symbolsOf = async (folder: string): Promise<readonly string[]> =>
  (JSON.parse(await readFile(join(folder, 'instruments.json'), 'utf8')) as readonly Instrument[]).map(({ symbol }) => symbol);

/** Until the venue answers: a watchdog that gives up because the venue is down would be none. */
const opened = async (connection: Connection, log: SessionLog, isOver: () => boolean): Promise<void> => {
  for (let wait = RETRY_MS; !isOver(); wait = Math.min(wait * 2, 30_000))
    try {
      return await connection.transport.open(() => {});
    } catch (error) {
      log.line('warn', 'the venue does not answer', { error });
      await pause(connection.clock, wait);
    }
};

/** The account's place among watchdogs; null when another keeps it. */
const placeOf = async (venue: string, account: string, clock: LiveClock, waits: boolean, dog: () => Watchdog | null) => {
  const place = socketLock(venue, watchdogPlace(account), watchdogDoor(dog));
  for (const start = clock.monotonic(); ; await pause(clock, RETRY_MS))
    try {
      await place.acquire();
      return place;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!waits || clock.monotonic() - start > PLACE_MS) return null;
    }
};

/** `quantai watchdog` */
export const runWatchdog = async (args: WatchdogArguments): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const { account } = args;
  const folder = join(workspace.root, 'live', account);
  const [session] = await namedSessions(workspace, { account });
  if (session === undefined || session.mode !== 'live')
    throw usageError(
      'no-session',
      `There is no live session of account ${account} in this workspace.`,
      'Begin one with quantai live; it starts a watchdog by itself.',
    );
  const max = args['max-loss'] === undefined ? null : parseMaxLoss(args['max-loss']);
  const config = {
    ...DEFAULT_WATCHDOG,
    silentMs: parseDuration(args.after),
    graceMs: parseDuration(args.grace),
    choice: { all: args.stops, flatten: args.flatten },
    follows: !args.handed,
  };
  noCoreDumps();
  const hide = redactor();
  const handed = args.handed ? await handedKeys(hide) : await ownKeys(args, workspace, session, hide);
  const symbols = await symbolsOf(folder);
  const { venue, practice } = session;
  const connection = await connectSession({
    workspace,
    venue: practice ? 'practice' : venue,
    sandbox: session.sandbox ?? false,
    account,
    symbols,
    credentials: () =>
      handed.credentials === null ? Promise.reject(new Error('no keys were handed over')) : Promise.resolve(handed.credentials),
    hide: value => hide.add(new Secret(value)),
  });
  const { clock, transport } = connection;
  const log = await sessionLog(join(folder, 'watchdog.log'), hide);
  const notices = sessionNotices({
    config: handed.notify,
    keys: handed.keys,
    source: { account, venue, mode: 'live', practice },
    clock,
    redact: hide,
    log,
  });
  let dog: Watchdog | null = null;
  const { signal } = terminal();
  try {
    const place = await placeOf(venue, account, clock, args.handed, () => dog);
    if (place === null)
      throw usageError(
        'watched',
        `Another watchdog of this host watches account ${account} on ${venue}.`,
        'One is enough; end it first for another.',
      );
    try {
      await opened(connection, log, () => signal.aborted);
      const disk = nodeDisk();
      const command = (fields: object, withinMs: number) =>
        askSession(venue, account, { ask: 'command', by: 'watchdog', ...fields }, withinMs);
      const made = watchdog(
        {
          clock,
          transport,
          ask: async () => Pulse.safeParse(await askSession(venue, account, { ask: 'pulse' }, ASK_MS)).data ?? null,
          isHeld: () => isPlaceHeld(venue, account),
          halt: async (reason, flatten, withinMs) => {
            const answer = (await command({ command: 'halt', reason, flatten }, withinMs)) as { readonly done?: unknown } | null;
            return answer?.done === 'halt';
          },
          stop: async reason => void (await command({ command: 'stop', reason }, ASK_MS)),
          fencing: fencing(disk, folder),
          lock: socketLock(venue, account, () => Promise.reject(new Error("the watchdog takes the account's orders back"))),
          loss:
            max === null
              ? null
              : lossWatch({ transport, clock, disk, file: join(folder, 'watchdog.json'), asset: settlementAsset(symbols[0] ?? ''), max }),
          tell: (subject, state, level, words) => {
            log.line(level === 'critical' ? 'error' : level === 'warning' ? 'warn' : 'info', words, { subject, state });
            say(`${level === 'critical' ? 'ALARM ' : ''}${subject} ${state}: ${words}`);
            notices.post({ subject, state, level, text: words, ts: clock.market() });
          },
          log: (words, fields) => log.line('info', words, fields),
        },
        config,
      );
      dog = made;
      signal.addEventListener('abort', () => made.close(), { once: true });
      if (signal.aborted) made.close();
      if (practice) void connection.ended.then(() => made.close());
      const ended = await made.run();
      log.line('info', 'ended', { why: ended });
      present(args, { account, venue, ended }, () => `The watchdog of account ${account} has ended: ${ended}.`);
    } finally {
      await place.release();
    }
  } catch (error) {
    log.line('error', 'ended', { error });
    throw error;
  } finally {
    await notices.close(30_000);
    await transport.close().catch(() => undefined);
    connection.close();
    await log.close();
  }
};
