// %% [markdown]
// # 8 · From paper to live
//
// A strategy earns the right to send orders step by step: evidence, paper, parity, a small share of its size. This notebook runs a paper session on the **practice exchange** of this machine and reads what it leaves behind. No order leaves the machine.
//
// Orders are never sent from a notebook: a cell may run twice, or out of order. Live verbs are refused here, and the last cells show it.

// %%
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { begin, run, show, table } from 'quantai-trad/notebook';

const HOME = process.env['QUANTAI_HOME'] ?? '.';
const ACCOUNT = `notebook-${process.pid}`;

// %% [markdown]
// ## A market of your own
//
// In a terminal this is `quantai practice`. Five days of the sample are played as fast as the session can follow; what lies before is history that it warms up on.

// %%
const MARKET = [
  '--dataset',
  'sample',
  '--symbols',
  'BTC/USDT:USDT',
  '--from',
  '2024-03-01',
  '--to',
  '2024-03-06',
];
const practice = begin('practice', ...MARKET, '--speed', '100000');
await practice.until(/Ctrl-C ends it/);

// %% [markdown]
// ## A paper session
//
// The same engine as in a backtest, on a market that has not ended. The account is simulated. It says by itself that it is a rehearsal, for nothing here was promoted.

// %%
interface Session {
  facts: number;
  targets: number;
  orders: number;
  fills: number;
  denials: number;
  ended: string;
  folder: string;
  strategies: { name: string; equity: number; realised: number; fees: number; funding: number }[];
}
const VENUE = [
  '--venue',
  'practice',
  '--symbols',
  'BTC/USDT:USDT',
  '--timeframe',
  '1h',
  '--account',
  ACCOUNT,
];
const session = await run<Session>(
  'paper',
  'sma-cross',
  ...VENUE,
  '--param',
  'fast=5',
  '--param',
  'slow=20',
);
await practice.stop();
table([session], ['facts', 'targets', 'orders', 'fills', 'denials', 'ended']);
table(session.strategies, ['name', 'equity', 'realised', 'fees', 'funding']);

// %%
interface Moment {
  ts: number;
  equity: number;
  exposure: number;
}
const moments = (await readFile(join(HOME, 'live', ACCOUNT, 'equity.ndjson'), 'utf8'))
  .split('\n')
  .filter(line => line !== '')
  .map(line => JSON.parse(line) as Moment);
await show({
  title: {
    text: 'Equity of the paper session',
    subtitle: 'Practice exchange, synthetic prices, USDT',
  },
  data: { values: moments },
  mark: { type: 'line', interpolate: 'step-after' },
  encoding: {
    x: { field: 'ts', type: 'temporal', title: null },
    y: { field: 'equity', type: 'quantitative', scale: { zero: false }, title: 'USDT' },
  },
});

// %% [markdown]
// ## The journal
//
// Everything that happened is a fact, in order, in the past tense. State is a fold of them: what is not in here did not happen.

// %%
interface JournalLine {
  type?: string;
  ts?: number;
  orderId?: string;
}
const journal = (await readFile(join(HOME, 'live', ACCOUNT, 'journal', '00000001.ndjson'), 'utf8'))
  .split('\n')
  .filter(line => line !== '')
  .map(line => JSON.parse(line) as JournalLine);
const counts = new Map<string, number>();
for (const { type } of journal)
  if (type !== undefined) counts.set(type, (counts.get(type) ?? 0) + 1);
table([...counts].map(([fact, count]) => ({ fact, count })).sort((a, b) => b.count - a.count));

// %%
interface Why {
  causes: { steps: { stage: string; text: string }[] };
}
const order = journal.find(({ type }) => type === 'OrderSubmitted')?.orderId;
if (order !== undefined)
  table((await run<Why>('why', order, '--account', ACCOUNT)).causes.steps, ['stage', 'text']);

// %% [markdown]
// ## Did it do what a backtest would have done?
//
// What the session received is played through the backtester. Each decision has to be the same, and each unit of the gap in profit has a cause with a name. Nothing may be left in `unexplained`.

// %%
interface Parity {
  certificates: {
    decisions: { all: number; equal: number; explained: number; unexplained: number };
    profit: { session: number; backtest: number };
    gap: { total: number; bps: number; causes: Record<string, number> };
  }[];
}
const [certificate] = (await run<Parity>('parity', ACCOUNT)).certificates;
if (certificate) {
  table([certificate.decisions]);
  table([{ ...certificate.profit, gap: certificate.gap.total, bps: certificate.gap.bps }]);
  table(Object.entries(certificate.gap.causes).map(([cause, money]) => ({ cause, money })));
}

// %% [markdown]
// ## The way to live
//
// Each step is a command with a name under it, and the gates say with a number what is missing:
//
// ```
// quantai walkforward my.ts --dataset btc             # evidence
// quantai promote my.ts --run RUN --to paper          # gates of paper
// quantai paper my.ts --symbols BTC/USDT:USDT         # weeks on the real market, without orders
// quantai parity paper                                # did it do what the backtest does?
// quantai rehearse --account main --symbol BTC/USDT:USDT
// quantai promote my.ts --to live --account main      # asks; another person approves
// quantai approve
// quantai live my.ts --symbols BTC/USDT:USDT          # begins at a share of its size
// ```
//
// And from here?

// %%
try {
  await run('live', 'sma-cross', '--venue', 'practice', '--symbols', 'BTC/USDT:USDT');
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
}

// %% [markdown]
// That is meant: give it in a terminal, where one line is one act. `docs/sessions.md` and `docs/promotion.md` go on from here.
