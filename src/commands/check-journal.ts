import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunManifest } from '../engine/run-result.js';
import { RunFold } from '../engine/run-fold.js';
import { StateFold, stateFault } from '../engine/state-fold.js';
import { failed, UserError } from '../errors.js';
import type { Fact } from '../events/fact.js';
import { OrderTable } from '../journal/orders.js';
import { RUN_TABLES, tableColumns } from '../journal/tables.js';
import { readParquet, type TableColumns } from '../parquet.js';
import type { EquityCurve } from '../portfolio/equity.js';
import { roundTrips } from '../portfolio/round-trips.js';
import { grouped } from './figures.js';
import { checkLiveJournal } from './check-live-journal.js';
import { isLiveAccount } from './live-account.js';
import { equityAtEnd } from './equity-at-end.js';
import { accountDocument, type FinalAccount } from './final-account.js';
import { outcomeFigures } from './outcome-figures.js';
import { recordedStates } from './recorded-states.js';
import { manifestHash, recordedFacts, recordedJournal, recordedManifest, requireBacktest } from './recorded-run.js';
import { findRun, type RunOnDisk } from './run-list.js';
import { readResult } from './run-summary.js';
import { exportedColumns, fundingColumns } from './run-tables.js';
import { present } from './terminal.js';
import { workspaceAt, type Workspace } from './workspace.js';

/** One thing that must hold of a journal. */
interface Check {
  readonly name: 'journal' | 'causes' | 'manifest' | 'states' | 'cash' | 'positions' | 'equity' | 'figures' | 'tables' | 'files';
  readonly ok: boolean;
  /** What was found, in one sentence. */
  readonly text: string;
}

/** What `verify journal --json` prints. */
interface JournalReport {
  readonly runId: string;
  readonly ok: boolean;
  readonly facts: number;
  readonly checks: readonly Check[];
}

/** `result.json` as far as the journal can say it again. */
interface Recorded {
  readonly finalEquity: number | null;
  readonly account: FinalAccount;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly costs: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, number>>;
  readonly bars: number;
  readonly fingerprint: string;
}

const check = (name: Check['name'], fault: string | null, fine: string): Check => ({ name, ok: fault === null, text: fault ?? fine });

const causesFault = (facts: readonly Fact[]): string | null => {
  const seen = new Set<number>();
  for (const { seq, type, causationId } of facts) {
    if (causationId >= 0 && !seen.has(causationId)) return `fact ${seq}, ${type}, follows from fact ${causationId}, which is missing`;
    seen.add(seq);
  }
  return null;
};

/** The first entry that two records do not share. Numbers compare to the last bit: JSON keeps them whole. */
const recordFault = (
  what: string,
  told: Readonly<Record<string, number | null>>,
  recorded: Readonly<Record<string, number | null>>,
): string | null => {
  for (const name of new Set([...Object.keys(told), ...Object.keys(recorded)])) {
    const [a, b] = [told[name] ?? null, recorded[name] ?? null];
    if (a !== b && !(a !== null && !Number.isFinite(a) && b === null))
      return `${what} ${name} is ${a ?? 'none'} by the journal and ${b ?? 'none'} in result.json`;
  }
  return null;
};

const tableFault = async (folder: string, file: string, columns: TableColumns): Promise<string | null> => {
  const path = join(folder, file);
  if (!existsSync(path)) return `${file} is missing`;
  const found = await readParquet(path).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  if (found instanceof Error) return `${file} cannot be read: ${found.message.split('\n')[0] ?? ''}`;
  const rows = Object.values(columns)[0]?.length ?? 0;
  if (found.rows !== rows) return `${file} has ${found.rows} rows where the journal gives ${rows}`;
  for (const [name, column] of Object.entries(columns)) {
    const kept = found.columns[name];
    if (kept === undefined) return `${file} has no column ${name}`;
    for (let i = 0; i < rows; i++)
      if (!Object.is(kept[i] ?? NaN, column[i] ?? NaN) && kept[i] !== column[i])
        return `${file}, row ${i + 1}: ${name} is ${kept[i] ?? 'NULL'} where the journal gives ${column[i] ?? 'NULL'}`;
  }
  return null;
};

const curveOf = async (folder: string): Promise<EquityCurve> => {
  const { rows, columns } = await readParquet(join(folder, RUN_TABLES.equity_curve.file));
  const column = (name: string): Float64Array => {
    const values = columns[name];
    return values instanceof Float64Array ? values : new Float64Array(rows).fill(NaN);
  };
  return { length: rows, ts: column('ts'), equity: column('equity'), exposure: column('exposure'), gross: column('gross') };
};

const equityFault = async (
  workspace: Workspace,
  manifest: RunManifest,
  fold: RunFold,
  { finalEquity }: Recorded,
): Promise<string | null> => {
  const equity = await equityAtEnd(workspace, manifest, fold.account);
  // Sums over symbols in another order than the run's may round otherwise.
  return Math.abs(equity - (finalEquity ?? NaN)) <= 1e-9 * Math.abs(equity)
    ? null
    : `final equity is ${equity} by the journal and the last closes, and ${finalEquity} in result.json`;
};

const filesFault = async ({ folder, manifest }: RunOnDisk): Promise<string | null> => {
  const files = manifest['files'];
  if (typeof files !== 'object' || files === null) return 'manifest.json names no files';
  for (const [name, written] of Object.entries(files as Readonly<Record<string, { readonly sha256?: unknown }>>)) {
    const content = await readFile(join(folder, name)).catch(() => undefined);
    if (content === undefined) return `${name} is missing`;
    if (createHash('sha256').update(content).digest('hex') !== written.sha256) return `${name} is not the file that the run wrote`;
  }
  return null;
};

const examine = async (workspace: Workspace, run: RunOnDisk): Promise<JournalReport> => {
  const journal = recordedJournal(run);
  const facts = await recordedFacts(journal);
  const verdict = await journal.verify();
  const manifest = recordedManifest(run);
  const result = (await readResult(run)) as Recorded;
  const checks: Check[] = [
    check('journal', verdict.fault, `${grouped(facts.length)} facts in order, with the fingerprint that the run closed with`),
    check('causes', causesFault(facts), 'every cause precedes its effect'),
  ];
  const report = (): JournalReport => ({ runId: run.runId, ok: checks.every(({ ok }) => ok), facts: facts.length, checks });

  const started = facts.find(fact => fact.type === 'RunStarted');
  const finished = facts.find(fact => fact.type === 'RunFinished');
  checks.push(
    check(
      'manifest',
      started?.manifest !== manifestHash(manifest)
        ? 'the journal did not begin under manifest.json'
        : finished?.fingerprint !== result.fingerprint || run.manifest['fingerprint'] !== result.fingerprint
          ? 'the journal’s fingerprint is not that of manifest.json and result.json'
          : null,
      'it began under manifest.json and ended with its fingerprint',
    ),
  );

  const fold = new RunFold(manifest.instruments, manifest.config.capital, { hedge: manifest.config.margin?.positions === 'hedge' });
  const orders = new OrderTable(manifest.instruments);
  try {
    for (const fact of facts) {
      fold.apply(fact);
      orders.apply(fact);
    }
  } catch (error) {
    checks.push(check('cash', `the facts cannot be booked: ${error instanceof Error ? error.message : String(error)}`, ''));
    return report();
  }
  const states = await recordedStates(run);
  checks.push(
    check(
      'states',
      states === null
        ? null
        : stateFault(
            facts,
            states,
            new StateFold(manifest.instruments, manifest.config.capital, { hedge: manifest.config.margin?.positions === 'hedge' }),
          ),
      states === null
        ? 'none were recorded by the release that made the run'
        : `folded to each of ${grouped(states.length)} places, the facts give the state that the run recorded there`,
    ),
  );
  const { account } = fold;
  const { cash, positions } = accountDocument(account);
  const unbalanced = fold.ledger.balance('cash') === account.cash ? null : 'the ledger’s cash is not the account’s';
  checks.push(
    check(
      'cash',
      unbalanced ?? recordFault('final', { cash }, { cash: result.account.cash }),
      `folded, it leaves ${cash} in cash, to the last unit`,
    ),
    check(
      'positions',
      recordFault('position in', positions, result.account.positions),
      Object.keys(positions).length === 0
        ? 'and no position'
        : `and ${Object.entries(positions)
            .map(([symbol, quantity]) => `${quantity} ${symbol}`)
            .join(', ')}`,
    ),
  );
  checks.push(
    await equityFault(workspace, manifest, fold, result).then(
      fault => check('equity', fault, 'with the last closes that is the final equity'),
      (error: unknown) => {
        // Without the data only this cannot be said; everything else can.
        if (error instanceof UserError) return check('equity', null, `not checked: ${error.message}`);
        throw error;
      },
    ),
  );

  const traded = {
    curve: await curveOf(run.folder),
    fills: fold.fills,
    roundTrips: roundTrips(fold.fills, fold.funding),
    funding: fold.funding,
  };
  const { metrics, costs } = outcomeFigures({ initialCapital: manifest.config.capital, ...traded });
  checks.push(
    check(
      'figures',
      recordFault('metric', metrics, result.metrics) ??
        recordFault('cost', costs, result.costs) ??
        recordFault('count of refusals', fold.refusals, result.refusals) ??
        recordFault('number of', { bars: finished?.bars ?? null }, { bars: result.bars }),
      'its fills and funding give the metrics, costs and refusals of result.json',
    ),
    check(
      'tables',
      (await tableFault(run.folder, RUN_TABLES.orders.file, tableColumns('orders', orders.rows()))) ??
        (await tableFault(run.folder, RUN_TABLES.fills.file, exportedColumns('fills', traded))) ??
        (await tableFault(run.folder, RUN_TABLES.trades.file, exportedColumns('trades', traded))) ??
        (await tableFault(run.folder, RUN_TABLES.funding_payments.file, fundingColumns(fold.funding))),
      'it gives the tables of orders, fills, trades and funding',
    ),
    check('files', await filesFault(run), 'the files are those that the run wrote'),
  );
  return report();
};

/** Check a live account's journal (`checkLiveJournal`) or that of a kept backtest: is it whole, and does it give the run's account, figures and tables? Fails with the first thing that is wrong. */
export const checkJournal = async (args: { readonly workspace: string; readonly json: boolean; readonly run: string }): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  if (isLiveAccount(workspace, args.run)) return checkLiveJournal({ ...args, account: args.run });
  const run = await findRun(workspace, args.run);
  requireBacktest(run);
  const report = await examine(workspace, run);
  present(args, report, ({ checks }) =>
    checks.map(({ name, ok, text }) => `${ok ? 'ok   ' : 'WRONG'} ${name.padEnd(9)} ${text}`).join('\n'),
  );
  const wrong = report.checks.find(({ ok }) => !ok);
  if (wrong)
    throw failed(
      'journal-differs',
      `The journal of run ${run.runId} is wrong: ${wrong.text}.`,
      'A file of the run was altered: run the backtest again with the command in its manifest.json.',
    );
};
