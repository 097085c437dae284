import { resolve } from 'node:path';
import { writeFileDurably } from '../durable-file.js';
import { failed, usageError, UserError } from '../errors.js';
import type { CheckResult } from '../experiments/checks/check.js';
import { causalityReport } from '../reports/causality.js';
import { BUILT_IN } from '../strategies/built-in.js';
import { formatDate } from '../time.js';
import { namedChecks, type NamedChecks } from './named-checks.js';
import { reproducingCommand } from './reproduce.js';
import { setUpRun } from './run-setup.js';
import { strategyChecks } from './strategy-checks.js';
import { present, say, terminal } from './terminal.js';
import type { CausalityArguments } from './verify-causality.js';

/** One strategy with what its checks found; `skipped` says why there are none. */
interface Checked {
  readonly strategy: string;
  /** No leak check failed. */
  readonly ok: boolean;
  readonly skipped: string | null;
  readonly checks: readonly CheckResult[];
}

const VERDICT = { pass: 'pass', warn: 'look', fail: 'FAIL', untested: '–' } as const;

const head = ({ strategy, skipped, checks }: Checked): string => {
  if (skipped !== null) return `skipped ${strategy}: ${skipped}`;
  const leaks = checks.filter(({ family, verdict }) => family === 'leak' && verdict === 'fail');
  if (leaks.some(({ id }) => id === 'repeatable')) return `DIFFERS ${strategy}: the same run twice gave two results`;
  if (leaks.length > 0) return `LEAKS   ${strategy}: ${leaks.map(({ id }) => id).join(', ')}`;
  return checks.some(({ family }) => family === 'leak') ? `clean   ${strategy}: no leak found` : `checked ${strategy}`;
};

const linesOf = (checked: Checked): string[] => {
  const width = Math.max(0, ...checked.checks.map(({ id }) => id.length));
  return [
    head(checked),
    ...checked.checks.map(({ id, verdict, sentence }) => `  ${VERDICT[verdict].padEnd(4)}  ${id.padEnd(width)}  ${sentence}`),
  ];
};

const checkOne = async (args: CausalityArguments, name: string, checks: NamedChecks): Promise<Checked> => {
  const setup = await setUpRun({ ...args, strategy: name });
  const { leaks, others } = await strategyChecks(setup, { checks, cuts: args.cuts, workers: args.workers, progress: args.progress });
  if (args.out !== undefined) {
    const { config, dataset, strategy } = setup;
    const page = causalityReport({
      title: `${strategy.strategy.name} on ${dataset.id}, checks`,
      subtitle: `${config.symbols.join(', ')} · ${config.timeframe} bars, ${formatDate(config.from)} to ${formatDate(config.to)}`,
      leaks,
      others,
      command: reproducingCommand(terminal().argv, dataset.id, dataset.manifest.version),
      synthetic: dataset.manifest.synthetic,
    });
    await writeFileDurably(resolve(args.out), page);
    say(`Page ${resolve(args.out)}`);
  }
  return { strategy: name, ok: leaks.every(({ verdict }) => verdict !== 'fail'), skipped: null, checks: [...leaks, ...others] };
};

/** One of the built-in strategies; what the dataset lacks for it is said and does not end the rest. */
const checkOneOfAll = async (args: CausalityArguments, name: string, checks: NamedChecks): Promise<Checked> => {
  try {
    return await checkOne(args, name, checks);
  } catch (error) {
    if (error instanceof UserError && error.code === 'missing-series')
      return { strategy: name, ok: true, skipped: error.message, checks: [] };
    throw error;
  }
};

const failureOf = (checked: readonly Checked[]): UserError | null => {
  const leaks = checked.flatMap(({ checks }) => checks.filter(({ family, verdict }) => family === 'leak' && verdict === 'fail'));
  const has = (id: string): boolean => leaks.some(leak => leak.id === id);
  if (has('repeatable'))
    return failed(
      'not-repeatable',
      'The same run, repeated on the same data, gave another result.',
      'The strategy keeps state outside the run, such as a variable of its module: keep it in `memory`.',
    );
  if (has('causality'))
    return failed(
      'not-causal',
      'An output changed although only data after it did.',
      'Look at the first one named: what does it read that is known only later?',
    );
  const [first] = leaks;
  return first === undefined
    ? null
    : failed('leak-found', `A check for leaks failed: ${first.id}.`, 'What each check means and how to mend it: docs/checks.md');
};

/** Check one strategy or every built-in one, and fail when one of them leaks. Fragility is told and never fails. */
export const checkCausality = async (args: CausalityArguments): Promise<void> => {
  if (args.all === (args.strategy !== undefined))
    throw usageError(
      'which-strategy',
      args.all ? 'Both a strategy and --all are named.' : 'No strategy is named.',
      'Name one, or say --all.',
    );
  if (args.all && args.out !== undefined)
    throw usageError('one-page', 'A page shows the checks of one strategy.', 'Name one instead of --all, or leave --out out.');
  if (!(Number.isInteger(args.cuts) && args.cuts > 0))
    throw usageError('bad-cuts', `--cuts cannot be ${args.cuts}.`, 'Give a whole number above zero.');
  const checks = namedChecks(args);
  const checked: Checked[] = [];
  if (args.strategy !== undefined) checked.push(await checkOne(args, args.strategy, checks));
  else for (const name of Object.keys(BUILT_IN)) checked.push(await checkOneOfAll(args, name, checks));
  present(args, { ok: checked.every(({ ok }) => ok), strategies: checked }, ({ strategies }) => strategies.flatMap(linesOf).join('\n'));
  const failure = failureOf(checked);
  if (failure !== null) throw failure;
};
