import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../errors.js';
import { ccxtTransport } from '../live/ccxt/ccxt-transport.js';
import { venueSupport } from '../live/ccxt/venue-support.js';
import type { LiveClock } from '../live/live-clock.js';
import { systemClock } from '../live/system-clock.js';
import type { VenueTransport } from '../live/venue-transport.js';
import { timeframe, type Timeframe } from '../market/timeframe.js';
import { practiceLink } from '../practice/practice-link.js';
import type { Workspace } from './workspace.js';

/** How a session is connected. */
export interface Connection {
  /** As ccxt calls it. */
  readonly venue: string;
  /** Whose costs are assumed where the venue does not say. */
  readonly preset: string;
  readonly practice: boolean;
  readonly sandbox: boolean;
  readonly account: string;
  /** The shortest bars that the venue has. */
  readonly shortest: Timeframe;
  readonly clock: LiveClock;
  readonly transport: VenueTransport;
  /** The session is done with everything up to this market time; the practice exchange may wait for that. */
  readonly acknowledge: (market: number) => void;
  /** Resolves when the market has ended, which only practice does. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Keys of one account; null for public data only. */
export interface Credentials {
  readonly key: string;
  readonly secret: string;
}

/** What a session is to be connected to. */
export interface ConnectionRequest {
  readonly workspace: Workspace;
  readonly venue: string;
  readonly sandbox: boolean;
  readonly account: string;
  readonly symbols: readonly string[];
  /** Asked for when the venue is a real one and orders are to be sent. */
  readonly credentials: (() => Promise<Credentials>) | null;
  /** Told every secret that is read. */
  readonly hide: (secret: string) => void;
}

const PRESETS: Readonly<Record<string, string>> = { binanceusdm: 'binance', bybit: 'bybit' };

const PracticeFile = z.object({
  venue: z.string(),
  rest: z.string(),
  ws: z.string(),
  control: z.string(),
  keysFile: z.string(),
  timeframe: z.string().default('1m'),
  accounts: z.array(z.string()),
});
const KeysFile = z.object({ accounts: z.array(z.object({ name: z.string(), key: z.string(), secret: z.string() })) });

const practiceFile = async (workspace: Workspace): Promise<z.infer<typeof PracticeFile>> => {
  const path = join(workspace.root, 'practice.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw usageError('no-practice', 'No practice exchange runs in this workspace.', 'Start one in another terminal: quantai practice.');
  }
  return PracticeFile.parse(JSON.parse(text));
};

const practiceKeys = async (file: string, account: string): Promise<Credentials> => {
  const { accounts } = KeysFile.parse(JSON.parse(await readFile(file, 'utf8')));
  const found = accounts.find(({ name }) => name === account);
  if (found) return found;
  throw usageError(
    'unknown-account',
    `The practice exchange has no account ${account}.`,
    `It has ${accounts.map(({ name }) => name).join(', ')}.`,
  );
};

/** Whether an address is of this machine, as those of a practice exchange are. */
export const isHere = (url: string): boolean => {
  try {
    return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
  } catch {
    return false;
  }
};

/** Where a session trades that is told this venue, without connecting: `practice` is the venue that the workspace's practice exchange plays. Throws a usage error where none runs, and for an unknown venue. */
export const venuePlace = async (workspace: Workspace, venue: string): Promise<Pick<Connection, 'venue' | 'preset' | 'practice'>> => {
  const practice = venue === 'practice';
  const name = practice ? (await practiceFile(workspace)).venue : venue;
  if (!practice) venueSupport(name);
  return { venue: name, preset: PRESETS[name] ?? 'binance', practice };
};

/** Connect to the practice exchange of this workspace or to a real venue. Opens nothing yet but the practice exchange's controls. */
export const connectSession = async (request: ConnectionRequest): Promise<Connection> => {
  const { workspace, account, symbols, sandbox } = request;
  const instruments = symbols.map(symbol => ({ symbol }));
  if (request.venue !== 'practice') {
    const clock = systemClock();
    const { name } = venueSupport(request.venue);
    if (sandbox && venueSupport(request.venue).sandbox === null)
      throw usageError('no-sandbox', `${name} has no testnet or demo.`, 'Practise with quantai practice.');
    const keys = (await request.credentials?.()) ?? null;
    const options = { venue: request.venue, key: keys?.key ?? null, secret: keys?.secret ?? null, sandbox, clock, instruments };
    return {
      venue: request.venue,
      preset: PRESETS[request.venue] ?? 'binance',
      practice: false,
      sandbox,
      account,
      shortest: '1m',
      clock,
      transport: ccxtTransport(options),
      acknowledge: () => {},
      ended: new Promise(() => {}),
      close: () => {},
    };
  }
  const found = await practiceFile(workspace);
  const away = [found.rest, found.ws, found.control].find(url => !isHere(url));
  if (away !== undefined)
    throw usageError(
      'no-practice',
      `practice.json names ${away}, which is not on this machine: money could be traded there as if it were practice.`,
      'Start the practice exchange anew: quantai practice.',
    );
  const keys = request.credentials === null ? null : await practiceKeys(found.keysFile, account);
  if (keys !== null) for (const text of [keys.key, keys.secret]) request.hide(text);
  const clock = systemClock();
  const link = await practiceLink(found.control, line => clock.tell(line));
  const { rest, ws } = found;
  const urls = { rest, ws };
  return {
    venue: found.venue,
    preset: PRESETS[found.venue] ?? 'binance',
    practice: true,
    sandbox: false,
    account,
    shortest: timeframe(found.timeframe),
    clock,
    transport: ccxtTransport({ venue: found.venue, key: keys?.key ?? null, secret: keys?.secret ?? null, urls, clock, instruments }),
    acknowledge: market => link.acknowledge(account, market),
    ended: link.ended,
    close: () => link.close(),
  };
};
