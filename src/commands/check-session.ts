import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openDataset, type Dataset } from '../datasets/catalogue.js';
import { datasetFeed } from '../datasets/replay.js';
import { RunConfig } from '../engine/run-config.js';
import type { Params } from '../engine/run-result.js';
import { failed, usageError } from '../errors.js';
import type { Fact } from '../events/fact.js';
import type { MarketKind } from '../events/market.js';
import { verifyLiveJournal } from '../journal/ndjson/verify-live-journal.js';
import { readJournal } from '../journal/ndjson/read-journal.js';
import { nodeDisk } from '../journal/node-disk.js';
import { evolve, initialState } from '../live/broker/broker-state.js';
import { journalFolder } from '../live/session/recovery.js';
import type { Instrument } from '../market/instrument.js';
import { timeframe as checkedTimeframe, timeframeMs } from '../market/timeframe.js';
import { backtest } from '../sim/backtest.js';
import { loadStrategy } from '../strategies/load.js';
import { openStoredBundle } from '../strategies/bundle.js';
import { formatTime } from '../time.js';
import { compareFills, targetFills, type FillComparison } from './session-fills.js';
import { ledgerFigures, type LedgerFigure } from './session-ledger.js';
import { decidedTargets, downtimes, pairTargets, type TargetPair } from './session-targets.js';
import { table } from './table.js';
import { present } from './terminal.js';
import type { VerifySessionArguments } from './verify-session.js';
import { workspaceAt, type Workspace } from './workspace.js';

/** What a session's manifest says, as far as a backtest of the same time needs it. */
const Manifest = z.object({
  mode: z.enum(['paper', 'live']),
  venue: z.string(),
  practice: z.boolean(),
  strategies: z.array(
    z.object({
      name: z.string(),
      params: z.record(z.string(), z.unknown()),
      budget: z.number(),
      builtin: z.string().nullable(),
      bundle: z.string(),
    }),
  ),
  config: RunConfig,
});
type Manifest = z.infer<typeof Manifest>;

interface StrategyVerdict {
  readonly strategy: string;
  readonly targets: number;
  readonly equal: number;
  readonly differences: readonly TargetPair[];
  readonly fills: FillComparison;
}

interface Verdict {
  readonly account: string;
  readonly journal: { readonly ok: boolean; readonly facts: number; readonly fault: string | null };
  readonly strategies: readonly StrategyVerdict[] | null;
  readonly ledger: readonly LedgerFigure[] | null;
  readonly ok: boolean;
}

const readFacts = async (folder: string): Promise<readonly Fact[]> => {
  const facts: Fact[] = [];
  for await (const fact of readJournal(nodeDisk(), journalFolder(folder))) facts.push(fact);
  return facts;
};

const manifestOf = async (folder: string, facts: readonly Fact[]): Promise<Manifest> => {
  const started = facts.filter(fact => fact.type === 'SessionStarted').at(-1);
  if (started?.type !== 'SessionStarted')
    throw usageError('no-session', 'The journal holds no session.', 'Begin one: quantai paper or quantai live.');
  return Manifest.parse(JSON.parse(await readFile(join(folder, 'manifests', `${started.manifest}.json`), 'utf8')));
};

/** Kinds beside bars that a strategy of the session may have looked at. */
const KINDS: readonly MarketKind[] = ['funding', 'mark'];

const targetsOfBacktest = async (
  dataset: Dataset,
  folder: string,
  manifest: Manifest,
  strategy: Manifest['strategies'][number],
  instruments: readonly Instrument[],
  window: { readonly from: number; readonly to: number },
): Promise<readonly Fact[]> => {
  const { config } = manifest;
  const ref =
    strategy.builtin === null
      ? { bundle: await openStoredBundle(join(folder, 'manifests', `${strategy.bundle}.mjs`)) }
      : { builtin: strategy.builtin };
  const has = (kind: MarketKind): boolean => dataset.entries.some(entry => entry.kind === kind && config.symbols.includes(entry.symbol));
  const fills: RunConfig['fills'] =
    config.fills.kind === 'bars' ? config.fills : { kind: 'bars', path: 'pessimistic', limits: 'through', participation: null };
  const result = await backtest({
    strategy: await loadStrategy(ref),
    params: strategy.params as Params,
    bundle: strategy.bundle,
    config: { ...config, ...window, fills, capital: strategy.budget, funding: has('funding') ? config.funding : { kind: 'none' } },
    instruments,
    feed: await datasetFeed(dataset, {
      symbols: config.symbols,
      timeframe: config.timeframe,
      kinds: ['bars'],
      optionalKinds: KINDS,
      to: window.to,
    }),
  });
  return result.facts;
};

/** What the journal says of intents that were refused, by bar and symbol. */
const denials = (facts: readonly Fact[], barMs: number): ReadonlyMap<string, string> =>
  new Map(
    facts.flatMap(fact =>
      fact.type === 'IntentDenied' ? [[`${Math.floor(fact.ts / barMs) * barMs}|${fact.symbol}`, `refused: ${fact.code}`] as const] : [],
    ),
  );

const compareTargets = async (
  workspace: Workspace,
  folder: string,
  datasetName: string,
  facts: readonly Fact[],
  manifest: Manifest,
): Promise<readonly StrategyVerdict[]> => {
  const dataset = await openDataset(workspace.root, datasetName);
  const booked = JSON.parse(await readFile(join(folder, 'instruments.json'), 'utf8')) as readonly Instrument[];
  const barMs = timeframeMs(checkedTimeframe(manifest.config.timeframe));
  const verdicts: StrategyVerdict[] = [];
  for (const strategy of manifest.strategies) {
    const own = facts.filter(fact => fact.strategy === strategy.name);
    const begun = own.find(fact => fact.type === 'RunStarted');
    if (!begun) continue;
    const last = facts.reduce((latest, { ts }) => Math.max(latest, ts), begun.ts);
    // A bar that closes as the session ends may have been seen or not.
    const window = { from: begun.ts, to: Math.floor(last / barMs) * barMs - barMs };
    if (!(window.to > window.from)) continue;
    const replayed = await targetsOfBacktest(dataset, folder, manifest, strategy, booked, window);
    const within = ({ ts }: { readonly ts: number }): boolean => ts <= window.to;
    const pairs = pairTargets(
      decidedTargets(replayed, barMs).filter(within),
      decidedTargets(own, barMs).filter(within),
      barMs,
      downtimes(facts, strategy.name),
      denials(own, barMs),
    );
    const differences = pairs.filter(({ why }) => why !== null);
    const fills = compareFills(targetFills(replayed.filter(within), barMs, booked), targetFills(own.filter(within), barMs, booked));
    verdicts.push({ strategy: strategy.name, targets: pairs.length, equal: pairs.length - differences.length, differences, fills });
  }
  return verdicts;
};

const practiceControl = async (workspace: Workspace): Promise<string | null> => {
  try {
    const { control } = JSON.parse(await readFile(join(workspace.root, 'practice.json'), 'utf8')) as { readonly control?: unknown };
    return typeof control === 'string' ? control : null;
  } catch {
    return null;
  }
};

const fillsText = ({ pairs, equal, costBps, fees, alone }: FillComparison): string => {
  const rest =
    equal === pairs || costBps === null
      ? ''
      : `; the others differ by what the backtest assumes of latency, slippage and the way through the bar: the session paid ${costBps.toFixed(2)} bp of the price more on average, and ${fees.toFixed(2)} more in fees`;
  return `  fills: ${equal} of ${pairs} to the unit${rest}${alone > 0 ? `; ${alone} targets filled in one of both only` : ''}`;
};

const textOf = ({ account, journal, strategies, ledger, ok }: Verdict): string => {
  const lines = [`Journal of ${account}: ${journal.ok ? `whole, ${journal.facts} facts` : `DAMAGED, ${journal.fault}`}`];
  if (strategies === null) lines.push('Targets: not compared; name the data with --dataset.');
  for (const { strategy, targets, equal, differences, fills } of strategies ?? []) {
    lines.push(`${strategy}: ${equal} of ${targets} targets as in the backtest`, fillsText(fills));
    if (differences.length > 0)
      lines.push(
        table(
          [
            { title: 'Bar' },
            { title: 'Symbol' },
            { title: 'Backtest', align: 'right' },
            { title: 'Session', align: 'right' },
            { title: 'Why' },
          ],
          differences.map(each => [formatTime(each.ts), each.symbol, each.backtest ?? '–', each.session ?? '–', each.why ?? '']),
        ),
      );
  }
  if (ledger === null) lines.push('Ledger: not compared; the practice exchange does not run.');
  else
    lines.push(
      table(
        [
          { title: 'Ledger' },
          { title: 'Ours', align: 'right' },
          { title: 'Exchange', align: 'right' },
          { title: 'Difference', align: 'right' },
        ],
        ledger.map(({ what, ours, venue }) => [what, ours, venue, ours - venue]),
      ),
    );
  lines.push(ok ? 'Everything that was compared agrees or is explained.' : 'There are differences that nothing explains.');
  return lines.join('\n');
};

/** Compare a session's decisions with a backtest and its ledger with the practice exchange. Fails on what nothing explains. */
export const checkSession = async (args: VerifySessionArguments): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const folder = join(workspace.root, 'live', args.account);
  const journal = await verifyLiveJournal(nodeDisk(), journalFolder(folder));
  if (!journal.ok) {
    present(args, { account: args.account, journal, strategies: null, ledger: null, ok: false }, textOf);
    throw failed('journal-damaged', `The journal of ${args.account} is damaged.`, 'See docs/live-journal.md.');
  }
  const facts = await readFacts(folder);
  const manifest = await manifestOf(folder, facts);
  const strategies = args.dataset === undefined ? null : await compareTargets(workspace, folder, args.dataset, facts, manifest);
  const control = manifest.practice && manifest.mode === 'live' ? await practiceControl(workspace) : null;
  const booked = JSON.parse(await readFile(join(folder, 'instruments.json'), 'utf8')) as readonly Instrument[];
  const state = facts.reduce(evolve, initialState(booked, { hedge: manifest.config.margin?.positions === 'hedge' }));
  const ledger = control === null ? null : await ledgerFigures(control, args.account, state);
  const ok =
    (strategies ?? []).every(({ differences }) => differences.every(({ why }) => why !== 'unexplained')) &&
    (ledger ?? []).every(({ ours, venue }) => ours === venue);
  const verdict: Verdict = { account: args.account, journal, strategies, ledger, ok };
  present(args, verdict, textOf);
  if (!ok) throw failed('session-differs', 'The session differs from what it is compared with.', 'The table says where.');
};
