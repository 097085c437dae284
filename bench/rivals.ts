import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { backtest } from '../src/sim/backtest.js';
import { assertSameTrades, bareLoop } from './fixtures/bare-loop.js';
import { market } from './fixtures/minute-bars.js';
import { smaRun } from './fixtures/sma-run.js';
import { measurement, type BenchContext, type Benchmark, type Measurement } from './harness/benchmark.js';
import { interleave, median, ratioOf, type Contender, type Timings } from './harness/interleave.js';
import { backtestFramework, backtestFrameworkGetCandles } from './rivals/backtest-framework.js';
import { backtestKit } from './rivals/backtest-kit.js';
import { grademark, grademarkMerged } from './rivals/grademark.js';
import type { Rival } from './rivals/rival.js';

const RIVALS: readonly Rival[] = [grademark, grademarkMerged, backtestFramework, backtestFrameworkGetCandles, backtestKit];

/** Positions that a rival may close more or fewer than ours, of a hundred of ours: by fills a bar earlier or later, and by what is open in the end. */
const ODD_TRADES = 2;

/** A process times no longer than about this, in seconds; one round it always gets. */
const PATIENCE = 10;

/** Seconds of running before the clock counts: by then the code is compiled. A run that takes longer than this once is timed from the second on. */
const WARM_UP = 1;

/** Seconds that a timing should take at least: a run of some milliseconds is at the mercy of one pause of the collector, so short runs are repeated. */
const LEAST = 0.04;

/** What a process of its own is asked to time: a rival by its place, or our engine. */
interface Probe {
  readonly rival: number | null;
  readonly rows: number;
  readonly rounds: number;
}

/** Seconds of its rounds, of ours also those of the bare loop by turns with it, and the positions it closed. */
interface Timed {
  readonly seconds: Timings;
  readonly loop: Timings;
  readonly trades: number;
}

/** A rival that stops says why; when ours does, that is an error of the benchmark. */
type Answer = Timed | { readonly failed: string };

/** Run until the code is compiled; returns how often it is to be repeated in a round. */
const warmed = async (run: () => unknown): Promise<{ readonly seconds: number; readonly repeat: number }> => {
  const begun = performance.now();
  let seconds = 0;
  do {
    const from = performance.now();
    await run();
    seconds = (performance.now() - from) / 1000;
  } while ((performance.now() - begun) / 1000 < WARM_UP);
  return { seconds, repeat: Math.max(1, Math.round(LEAST / seconds)) };
};

const timed = async (contenders: readonly (() => unknown)[], rounds: number): Promise<readonly Timings[]> => {
  const ready: Contender[] = [];
  let once = 0;
  for (const run of contenders) {
    const { seconds, repeat } = await warmed(run);
    once += seconds * repeat;
    ready.push({ run, repeat });
  }
  return interleave(ready, { warmups: 0, rounds: Math.max(1, Math.min(rounds, Math.floor(PATIENCE / once))) });
};

const probe = async ({ rival, rows, rounds }: Probe, { rivals }: BenchContext): Promise<Answer> => {
  const data = market(rows);
  const spec = smaRun([data]);
  if (rival === null) {
    const first = await backtest(spec);
    assertSameTrades(bareLoop(data, spec.config), first);
    const [seconds = [], loop = []] = await timed([() => backtest(spec), () => bareLoop(data, spec.config)], rounds);
    return { seconds, loop, trades: Math.ceil(first.fills.length / 2) };
  }
  try {
    const { installed, prepare } = RIVALS[rival] as Rival;
    const load = createRequire(join(rivals.folder, installed, 'package.json'));
    const run = prepare({ market: data, config: spec.config, load, folder: rivals.folder });
    const trades = await run();
    const [seconds = []] = await timed([run], rounds);
    return { seconds, loop: [], trades };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
};

/** The rounds of several processes as one. One that failed is what came of it. */
const pooled = (answers: readonly Answer[]): Answer => {
  const all: { seconds: number[]; loop: number[]; trades: number } = { seconds: [], loop: [], trades: 0 };
  for (const answer of answers) {
    if ('failed' in answer) return answer;
    all.seconds.push(...answer.seconds);
    all.loop.push(...answer.loop);
    all.trades = answer.trades;
  }
  return all;
};

/** The version that is installed, beside the name of the package. */
const named = ({ package: name, installed, way }: Rival, folder: string): string => {
  const manifest = readFileSync(join(folder, installed, 'node_modules', name, 'package.json'), 'utf8');
  return `${name} ${(JSON.parse(manifest) as { version: string }).version}${way === undefined ? '' : ` ${way}`}`;
};

/** Where there is no figure, the reason. */
const without = (name: string, reason: string): Measurement => measurement(name, null, 'bars/s', { note: reason });

/**
 * sma-cross 20/50 over minute bars in memory: our engine, everything on and every fact kept, against the bare loop; and other backtesters of Node on the same bars.
 * Each runs in processes of its own, because what another leaves behind for the collector costs ours its compiled code; the processes take turns, so that a machine
 * that slows down slows all of them.
 */
export const benchmark: Benchmark = {
  probe: (argument, context) => probe(argument as Probe, context),
  run: async context => {
    const { quick, rivals } = context;
    const results: Measurement[] = [];
    for (const [nth, rows] of (quick ? [10_000, 50_000] : [10_000, 100_000, 1_000_000]).entries()) {
      const entered = RIVALS.map((rival, place) => ({ rival, place, missing: rivals.missing[rival.installed] })).filter(
        ({ rival }) => rows <= rival.largest,
      );
      const answers = new Map<number | null, Answer[]>([null, ...entered.map(({ place }) => place)].map(place => [place, []]));
      for (let pass = 0; pass < (quick ? 1 : 3); pass++)
        for (const [place, gathered] of answers)
          if (place === null || rivals.missing[RIVALS[place]!.installed] === undefined)
            gathered.push((await context.probe({ rival: place, rows, rounds: quick ? 5 : 4 } satisfies Probe)) as Answer);
      const ours = pooled(answers.get(null)!);
      if ('failed' in ours) throw new Error(ours.failed);
      const size = `rivals, ${rows.toLocaleString('en-GB')} bars`;
      // What each does otherwise is said once, beside its first figure.
      const noted = (trades: number, differs: string): string =>
        `${trades.toLocaleString('en-GB')} positions closed${nth === 0 ? `; ${differs}` : ''}`;
      results.push(
        measurement(`${size}: bare loop`, rows / median(ours.loop), 'bars/s', { timings: ours.loop }),
        measurement(`${size}: our engine`, rows / median(ours.seconds), 'bars/s', {
          timings: ours.seconds,
          ratio: ratioOf(ours.seconds, ours.loop),
          of: 'the bare loop',
          note: noted(ours.trades, 'with fees, impact, latency, funding, margin and risk, every fact kept'),
        }),
      );
      for (const { rival, place, missing } of entered) {
        if (missing !== undefined) {
          results.push(without(`${size}: ${rival.package}`, `not installed: ${missing}`));
          continue;
        }
        const name = `${size}: ${named(rival, rivals.folder)}`;
        const answer = pooled(answers.get(place)!);
        if ('failed' in answer) results.push(without(name, `not measured: ${answer.failed}`));
        else if (Math.abs(answer.trades / ours.trades - 1) > ODD_TRADES / 100)
          results.push(
            without(name, `not comparable: it closed ${answer.trades} positions where ours closed ${ours.trades}, which is other work`),
          );
        else
          results.push(
            measurement(name, rows / median(answer.seconds), 'bars/s', {
              timings: answer.seconds,
              ratio: median(answer.seconds) / median(ours.seconds),
              of: 'our engine',
              note: noted(answer.trades, rival.differs),
            }),
          );
      }
    }
    return results;
  },
};
