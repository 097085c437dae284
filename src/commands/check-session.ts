import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataset } from '../datasets/catalogue.js';
import { failed } from '../errors.js';
import { evolve, initialState } from '../live/broker/broker-state.js';
import { timeframeMs } from '../market/timeframe.js';
import { apartSince } from '../promotion/parity/apart-since.js';
import { compareFills, type FillComparison } from '../promotion/parity/compare-fills.js';
import { decisionsOf } from '../promotion/parity/decisions.js';
import { downtimes } from '../promotion/parity/downtimes.js';
import { filledGroups } from '../promotion/parity/filled-groups.js';
import { withLateOnes } from '../promotion/parity/late-decisions.js';
import { pairDecisions } from '../promotion/parity/pair-decisions.js';
import { refusals } from '../promotion/parity/refusals.js';
import { formatTime } from '../time.js';
import { ofDataset, replayLeg } from './replay-session.js';
import { sessionLegs } from './session-legs.js';
import { ledgerFigures, type LedgerFigure } from './session-ledger.js';
import { tradedStrategies, checkJournal, readSession, type SessionRecord } from './session-record.js';
import { table } from './table.js';
import { present } from './terminal.js';
import type { VerifySessionArguments } from './verify-session.js';
import { workspaceAt, type Workspace } from './workspace.js';

interface StrategyVerdict {
  readonly strategy: string;
  readonly decisions: number;
  readonly equal: number;
  readonly differences: readonly Difference[];
  readonly fills: FillComparison;
}

/** A decision that is not the same in both. */
interface Difference {
  readonly ts: number;
  readonly symbol: string;
  readonly backtest: string | null;
  readonly session: string | null;
  readonly why: string;
}

interface Verdict {
  readonly account: string;
  readonly journal: { readonly ok: boolean; readonly facts: number; readonly fault: string | null };
  readonly strategies: readonly StrategyVerdict[] | null;
  readonly ledger: readonly LedgerFigure[] | null;
  readonly ok: boolean;
}

/** Decisions and fills of each stretch of a strategy beside those of a backtest over the dataset. */
const compareStrategies = async (workspace: Workspace, datasetName: string, record: SessionRecord): Promise<readonly StrategyVerdict[]> => {
  const dataset = await openDataset(workspace.root, datasetName);
  const { folder, instruments } = record;
  const verdicts: StrategyVerdict[] = [];
  const names = tradedStrategies(record);
  for (const name of names)
    for (const leg of sessionLegs(record, name)) {
      const barMs = timeframeMs(leg.manifest.config.timeframe);
      const within = ({ ts }: { readonly ts: number }): boolean => ts <= leg.to;
      const own = leg.facts.filter(fact => fact.strategy === name && within(fact));
      const replayed = (await replayLeg(folder, leg, await ofDataset(dataset, leg), instruments)).filter(within);
      const theirs = decisionsOf(replayed, barMs);
      const ours = withLateOnes(decisionsOf(own, barMs), theirs, barMs);
      const filled = {
        backtest: filledGroups(replayed, theirs, instruments, barMs, null),
        session: filledGroups(own, ours, instruments, barMs, null),
      };
      const pairs = pairDecisions(theirs, ours, {
        barMs,
        downs: downtimes(leg.facts, name),
        session: refusals(own, ours, barMs),
        backtest: refusals(replayed, theirs, barMs),
        apartSince: apartSince(filled.session, filled.backtest),
      });
      const differences = pairs.flatMap(({ ts, symbol, backtest, session, why }): Difference[] =>
        why === null ? [] : [{ ts, symbol, backtest: backtest?.text ?? null, session: session?.text ?? null, why }],
      );
      verdicts.push({
        strategy: name,
        decisions: pairs.length,
        equal: pairs.length - differences.length,
        differences,
        fills: compareFills(filled.backtest, filled.session),
      });
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
  return `  fills: ${equal} of ${pairs} to the unit${rest}${alone > 0 ? `; ${alone} decisions filled in one of both only` : ''}`;
};

const textOf = ({ account, journal, strategies, ledger, ok }: Verdict): string => {
  const lines = [`Journal of ${account}: ${journal.ok ? `whole, ${journal.facts} facts` : `DAMAGED, ${journal.fault}`}`];
  if (strategies === null) lines.push('Decisions: not compared; name the data with --dataset.');
  for (const { strategy, decisions, equal, differences, fills } of strategies ?? []) {
    lines.push(`${strategy}: ${equal} of ${decisions} decisions as in the backtest`, fillsText(fills));
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
          differences.map(each => [formatTime(each.ts), each.symbol, each.backtest ?? '–', each.session ?? '–', each.why]),
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
  const journal = await checkJournal(folder);
  if (!journal.ok) {
    present(args, { account: args.account, journal, strategies: null, ledger: null, ok: false }, textOf);
    throw failed('journal-damaged', `The journal of ${args.account} is damaged.`, 'See docs/live-journal.md.');
  }
  const record = await readSession(folder);
  const started = record.facts.findLast(fact => fact.type === 'SessionStarted');
  const manifest = record.manifests.get(started?.type === 'SessionStarted' ? started.manifest : '')!;
  const strategies = args.dataset === undefined ? null : await compareStrategies(workspace, args.dataset, record);
  const control = manifest.practice && manifest.mode === 'live' ? await practiceControl(workspace) : null;
  const state = record.facts.reduce(evolve, initialState(record.instruments, { hedge: manifest.config.margin?.positions === 'hedge' }));
  const ledger = control === null ? null : await ledgerFigures(control, args.account, state);
  const ok =
    (strategies ?? []).every(({ differences }) => differences.every(({ why }) => why !== 'unexplained')) &&
    (ledger ?? []).every(({ ours, venue }) => ours === venue);
  const verdict: Verdict = { account: args.account, journal, strategies, ledger, ok };
  present(args, verdict, textOf);
  if (!ok) throw failed('session-differs', 'The session differs from what it is compared with.', 'The table says where.');
};
