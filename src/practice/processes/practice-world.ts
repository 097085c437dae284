import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instrument, Symbol } from '../../market/instrument.js';
import { random } from '../../random.js';
import { binanceFront } from '../binance/binance-front.js';
import { practiceExchange } from '../core/practice-exchange-core.js';
import { practiceVenue } from '../fronts.js';
import type { PracticeExchange } from '../practice-exchange.js';
import { BAR_MS, madeUpMarket } from '../rig/made-up-market.js';
import type { Front, FrontFactory, WireRequest } from '../server/front.js';
import { startPractice, type PracticeServer } from '../server/start-practice.js';

export interface PracticeWorldOptions {
  readonly seed: number;
  /** Folder in which sessions look for the practice exchange. */
  readonly workspace: string;
  readonly account: string;
  /** A name for `--venue` of `quantai practice`. */
  readonly venue?: string;
  readonly symbols?: readonly Symbol[];
  /** Market ms in a wall ms. */
  readonly speed?: number;
  readonly bars?: number;
  /** Settlement asset. */
  readonly wallet?: number;
  readonly paused?: boolean;
  /** Bars that lie before the opening; the market's first day begins at midnight, and funding settles each hour. */
  readonly history?: number;
  /** Share of a bar's volume that an order may fill. */
  readonly participation?: number;
}

/** A practice exchange over a made-up market, to which sessions of a workspace connect as to `quantai practice`. */
export interface PracticeWorld {
  readonly exchange: PracticeExchange;
  readonly server: PracticeServer;
  readonly account: string;
  readonly workspace: string;
  /** The venue's id in ccxt. */
  readonly venue: string;
  readonly instruments: readonly Instrument[];
  /** Hears each request of the account as the venue gets it, before and after it is carried out; null takes the listener away. */
  watch(listener: ((request: WireRequest, moment: 'before' | 'after') => void) | null): void;
  /** Market time does not move any more, or moves again. */
  pause(paused: boolean): void;
  close(): Promise<void>;
}

const OPENED = Date.UTC(2024, 0, 1);
const HISTORY = 120;

/** Sessions that begin again every few seconds ask more than a venue allows one address in a minute. */
const UNLIMITED = { weight: 1e9, orders10s: 1e9, orders1m: 1e9 };
const frontOf = (name: string): FrontFactory => (name === 'binance' ? binanceFront({ limits: UNLIMITED }) : practiceVenue(name).front());

const watched = (factory: FrontFactory, hear: (request: WireRequest, moment: 'before' | 'after') => void): FrontFactory => {
  return context => {
    const front = factory(context);
    const outer: Front = {
      venue: front.venue,
      accountOf: request => front.accountOf(request),
      answer: request => {
        hear(request, 'before');
        const answer = front.answer(request);
        hear(request, 'after');
        return answer;
      },
      open: socket => front.open(socket),
      expireStreams: account => front.expireStreams(account),
      trouble: status => front.trouble(status),
      tick: () => front.tick(),
      get sentWhileBanned() {
        return front.sentWhileBanned;
      },
      close: () => front.close(),
    };
    return outer;
  };
};

/** Starts it and writes the files that tell sessions where it is. Close it, or its ports stay open. */
export const practiceWorld = async (options: PracticeWorldOptions): Promise<PracticeWorld> => {
  const { seed, workspace, account, symbols = ['BTC/USDT:USDT', 'ETH/USDT:USDT'], speed = 600, bars = 20_000, wallet = 100_000 } = options;
  const venue = practiceVenue(options.venue ?? 'binance');
  const market = madeUpMarket(random(seed).fork('market'), symbols, bars, OPENED);
  const exchange = practiceExchange({
    instruments: market.instruments.map(instrument => ({ instrument, minQuantity: instrument.lotSize, maxQuantity: 1_000_000 })),
    chunks: [...market.bars, ...market.funding],
    start: OPENED + (options.history ?? HISTORY) * BAR_MS,
    seed,
    conditionalSpace: venue.conditionalSpace,
    hugeIdEvery: 2,
    fills: { path: 'adaptive', limits: 'through', participation: options.participation ?? 0.01 },
  });
  let listener: ((request: WireRequest, moment: 'before' | 'after') => void) | null = null;
  const chance = random(seed).fork('keys');
  const word = (): string => Array.from({ length: 4 }, () => chance.int(1_000_000_000).toString(36)).join('');
  const keys = { name: account, key: `practice-${word()}`, secret: word() };
  const server = await startPractice({
    exchange,
    front: watched(frontOf(options.venue ?? 'binance'), (request, moment) => listener?.(request, moment)),
    accounts: [{ ...keys, wallet }],
    barMs: BAR_MS,
    speed,
    paused: options.paused ?? false,
    seed,
  });
  await mkdir(workspace, { recursive: true });
  const keysFile = join(workspace, 'practice-keys.json');
  const file = join(workspace, 'practice.json');
  await writeFile(keysFile, JSON.stringify({ accounts: [keys] }), { mode: 0o600 });
  const { rest, ws, controlUrl: control } = server;
  await writeFile(file, JSON.stringify({ practice: true, venue: venue.ccxt, rest, ws, control, keysFile, accounts: [account] }));
  return {
    exchange,
    server,
    account,
    workspace,
    venue: venue.ccxt,
    instruments: market.instruments,
    watch: hear => {
      listener = hear;
    },
    pause: paused => server.control.pause(paused),
    close: async () => {
      await server.close();
      await Promise.all([rm(file, { force: true }), rm(keysFile, { force: true })]);
    },
  };
};
