import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openDataset } from '../datasets/catalogue.js';
import { usageError } from '../errors.js';
import { datasetMarket } from '../practice/dataset-market.js';
import { practiceVenue } from '../practice/fronts.js';
import { faultSpec, type FaultSpec } from '../practice/server/fault.js';
import type { PracticeAccount } from '../practice/server/practice-keys.js';
import { startPractice, type PracticeServer } from '../practice/server/start-practice.js';
import { formatTime, parseTime } from '../time.js';
import type { PracticeArguments } from './practice.js';
import { present, say, terminal } from './terminal.js';
import { workspaceAt } from './workspace.js';

const OPENING = 10_000;

/** Keys of this session: they open nothing but this server. */
const word = (bytes: number): string => randomBytes(bytes).toString('hex');

const accountOf = (text: string): PracticeAccount => {
  const [name = '', key = `practice-${word(12)}`, secret = word(24), wallet = String(OPENING), ...rest] = text.split(':');
  if (name === '' || key === '' || secret === '' || !(Number(wallet) >= 0) || rest.length > 0)
    throw usageError('bad-account', `"${text}" is no account.`, 'Write it as name:key:secret:wallet, or as a name alone.');
  return { name, key, secret, wallet: Number(wallet) };
};

const faultsIn = async (file: string): Promise<readonly FaultSpec[]> => {
  const fix = 'It holds a list of faults: [{"kind": "drop-answer", "path": "/fapi/v1/order"}]. See docs/practice.md.';
  const text = await readFile(file, 'utf8').catch(() => {
    throw usageError('no-file', `There is no file ${file}.`, fix);
  });
  try {
    return z.array(faultSpec).parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : 'It is not JSON.';
    throw usageError('bad-faults', `${file} holds no faults. ${why}`, fix);
  }
};

/** What a client needs to find the server. No secrets: those are in the keys' file. */
interface Connection {
  readonly practice: true;
  readonly venue: string;
  readonly rest: string;
  readonly ws: string;
  readonly control: string;
  readonly keysFile: string;
  readonly accounts: readonly string[];
  readonly dataset: string;
  /** The bars were made up, not recorded. Trades, quotes and books are made from the bars either way. */
  readonly synthetic: boolean;
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly speed: number;
  readonly from: string;
  readonly to: string;
  readonly pid: number;
}

const connectionText = (connection: Connection, accounts: readonly PracticeAccount[]): string =>
  [
    'PRACTICE: no order leaves this machine, and no money is at stake.',
    `${connection.symbols.join(', ')} from ${connection.from} to ${connection.to}, ${connection.timeframe} bars of dataset ${connection.dataset} at ${connection.speed}×.`,
    `The bars are ${connection.synthetic ? 'made up' : 'recorded'}; trades, quotes and books are generated from them.`,
    '',
    `REST       ${connection.rest}   (${connection.venue})`,
    `Streams    ${connection.ws}`,
    `Controls   ${connection.control}`,
    ...accounts.map(({ name, key, wallet }) => `Account    ${name}, ${wallet} USDT, key ${key}`),
    `Secrets    ${connection.keysFile}`,
    '',
    'Connect in another terminal:',
    '  quantai paper sma-cross --venue practice',
    '  quantai live sma-cross --venue practice',
    'Ctrl-C ends it.',
  ].join('\n');

/** Until the data or the patience of the user ends. */
const untilDone = (server: PracticeServer): Promise<void> => {
  const { signal } = terminal();
  return Promise.race([
    server.ended,
    new Promise<void>(resolve => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    }),
  ]);
};

/** Serve a dataset as a venue. */
export const runPractice = async (args: PracticeArguments): Promise<void> => {
  if (!(args.speed > 0)) throw usageError('bad-speed', 'The speed must be above 0.', 'Say --speed 1 for the pace of the market itself.');
  const workspace = workspaceAt(args.workspace);
  const venue = practiceVenue(args.venue);
  const accounts = args.accounts.split(',').map(text => accountOf(text.trim()));
  const faults = args.fault === undefined ? [] : await faultsIn(args.fault);
  const dataset = await openDataset(workspace.root, args.dataset);
  const market = await datasetMarket(dataset, {
    symbols: args.symbols?.split(',').map(symbol => symbol.trim()),
    timeframe: args.timeframe,
    from: args.from === undefined ? undefined : parseTime(args.from),
    to: args.to === undefined ? undefined : parseTime(args.to),
    seed: args.seed,
    conditionalSpace: venue.conditionalSpace,
  });
  const { exchange, barMs } = market;
  const server = await startPractice({
    exchange,
    front: venue.front(),
    accounts,
    barMs,
    speed: args.speed,
    paused: args.paused,
    port: args.port,
    controlPort: args['control-port'],
    seed: args.seed,
    faults,
  });
  const file = join(workspace.root, 'practice.json');
  const keysFile = join(workspace.root, 'practice-keys.json');
  const connection: Connection = {
    practice: true,
    venue: venue.ccxt,
    rest: server.rest,
    ws: server.ws,
    control: server.controlUrl,
    keysFile,
    accounts: accounts.map(({ name }) => name),
    dataset: args.dataset,
    synthetic: market.synthetic,
    symbols: market.symbols,
    timeframe: market.timeframe,
    speed: args.speed,
    from: formatTime(exchange.now),
    to: formatTime(exchange.end),
    pid: process.pid,
  };
  try {
    // A file of an earlier session keeps its mode when it is written over.
    await rm(keysFile, { force: true });
    const keys = accounts.map(({ name, key, secret }) => ({ name, key, secret }));
    await writeFile(keysFile, `${JSON.stringify({ accounts: keys }, null, 2)}\n`, { mode: 0o600 });
    await writeFile(file, `${JSON.stringify(connection, null, 2)}\n`);
    present(args, connection, () => connectionText(connection, accounts));
    await untilDone(server);
    const { market: ended, finished, bites } = server.control.state();
    say(`${finished ? 'The data ended' : 'Stopped'} at ${formatTime(ended)} market time.`);
    for (const [kind, times] of Object.entries(bites)) say(`  fault ${kind}: met ${times} times`);
  } finally {
    await rm(file, { force: true });
    await rm(keysFile, { force: true });
    await server.close();
  }
};
