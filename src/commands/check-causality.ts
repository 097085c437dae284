import { setImmediate } from 'node:timers/promises';
import { failed, usageError } from '../errors.js';
import { verifyCausality } from '../sim/verify-causality.js';
import { BUILT_IN } from '../strategies/built-in.js';
import { resolveParams } from '../strategies/params.js';
import { grouped } from './figures.js';
import { loadRun } from './pretrained.js';
import { startProgress } from './progress.js';
import { setUpRun } from './run-setup.js';
import { present, terminal } from './terminal.js';
import type { CausalityArguments } from './verify-causality.js';

const checkOne = async (args: CausalityArguments, name: string) => {
  const setup = await setUpRun({ ...args, strategy: name });
  const { config, instruments, strategy: resolved, params: given } = setup;
  const { strategy } = resolved;
  const loaded = await loadRun(setup);
  const bar = await startProgress(args, name, args.cuts + 2, 'runs');
  const verdict = await verifyCausality({
    strategyOn: () => strategy,
    params: resolveParams(strategy.params, given, values => strategy.constraint?.(values) ?? true),
    config,
    instruments,
    chunks: loaded.map(({ chunk }) => chunk),
    inputs: loaded.map(({ input }) => input),
    cuts: args.cuts,
    onProgress: async (done, total) => {
      bar.update(done, undefined, total);
      await setImmediate();
      terminal().signal.throwIfAborted();
    },
  }).finally(() => bar.stop());
  return { strategy: name, ...verdict };
};

/** Check one strategy or every built-in one, and fail when an output changed although only its future did. */
export const checkCausality = async (args: CausalityArguments): Promise<void> => {
  if (args.all === (args.strategy !== undefined))
    throw usageError(
      'which-strategy',
      args.all ? 'Both a strategy and --all are named.' : 'No strategy is named.',
      'Name one, or say --all.',
    );
  const verdicts = [];
  for (const name of args.all ? Object.keys(BUILT_IN) : [args.strategy ?? '']) verdicts.push(await checkOne(args, name));
  const ok = verdicts.every(verdict => verdict.ok);
  present(args, { ok, strategies: verdicts }, result =>
    result.strategies
      .flatMap(({ strategy, ok: causal, repeatable, compared, cuts, leaks }) => [
        repeatable
          ? `${causal ? 'causal ' : 'LEAKS  '} ${strategy}: ${grouped(compared)} outputs compared at ${cuts.length} cuts`
          : `DIFFERS ${strategy}: the same run twice gave two results`,
        ...leaks.slice(0, 5).map(({ what }) => `        ${what}`),
      ])
      .join('\n'),
  );
  if (verdicts.some(({ repeatable }) => !repeatable))
    throw failed(
      'not-repeatable',
      'The same run, repeated on the same data, gave another result.',
      'The strategy keeps state outside the run, such as a variable of its module: keep it in `memory`.',
    );
  if (!ok)
    throw failed(
      'not-causal',
      'An output changed although only data after it did.',
      'Look at the first one named: what does it read that is known only later?',
    );
};
