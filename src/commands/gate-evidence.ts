import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { failed } from '../errors.js';
import { dataErrorsOf } from '../experiments/evidence/assemble-evidence.js';
import { decidingPbo } from '../experiments/evidence/verdict.js';
import { maxDrawdown } from '../metrics/max-drawdown.js';
import { trackOf, type TrackInput } from '../metrics/track.js';
import type { GateEvidence } from '../promotion/gates/gate-inputs.js';
import { evidenceSubject } from './evidence-subject.js';
import { trialsOf } from './registry/workspace-trials.js';
import { findRun } from './run-list.js';
import type { Workspace } from './workspace.js';

const Figure = z.number().nullable();
const Estimate = z.object({ value: Figure, reason: z.string().nullable() });
const Point = z.object({ label: z.string(), x: Figure, sharpe: Figure, totalReturn: Figure, maxDrawdown: Figure, trades: Figure });

/** What a gate needs of `evidence.json`. */
const Written = z.object({
  version: z.literal(1),
  run: z.object({
    runId: z.string(),
    kind: z.enum(['backtest', 'walkforward', 'sweep']),
    synthetic: z.boolean(),
    outOfSample: z.boolean(),
  }),
  // An early release wrote less of it.
  tried: z.object({ team: z.string().optional() }).optional(),
  judged: z.object({ returns: Figure, trades: Figure }),
  sharpe: z.object({ dsr: Estimate, periodsPerYear: Figure }),
  intervals: z.array(z.object({ metric: z.string(), estimate: Figure })),
  search: z.object({ configurations: z.number(), pbo: Estimate, spa: Estimate, realityCheck: Estimate }).nullable(),
  foldPbo: Estimate.nullable(),
  checks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      family: z.enum(['leak', 'fragility', 'chance']),
      verdict: z.enum(['pass', 'warn', 'fail', 'untested']),
      sentence: z.string(),
      base: Point.nullable(),
      points: z.array(Point),
      axis: z.string().nullable(),
    }),
  ),
});

const written = async (file: string): Promise<z.infer<typeof Written>> => {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) throw failed('no-evidence', `There is no ${file}.`, 'Make it: quantai evidence <run>.');
  let parsed;
  try {
    parsed = Written.safeParse(JSON.parse(text));
  } catch {
    parsed = undefined;
  }
  if (parsed?.success === true) return parsed.data;
  throw failed('no-evidence', `${file} is no evidence that this release knows.`, 'Make it again: quantai evidence <run>.');
};

/** The deeper of the fall that the evidence names and that of every bar of the run's curve. */
const deepest = (intervals: z.infer<typeof Written>['intervals'], outcome: TrackInput | null): number | null => {
  const bars = outcome === null ? null : maxDrawdown(trackOf(outcome));
  const named = intervals.find(({ metric }) => metric === 'maxDrawdown')?.estimate ?? null;
  const known = [named, typeof bars === 'number' ? bars : null].flatMap(value => (value === null ? [] : [Math.abs(value)]));
  return known.length === 0 ? null : Math.max(...known);
};

const NO_SEARCH = { value: null, reason: 'there was no search' };

const COUNTED_ELSEWHERE = {
  value: null,
  reason: 'the evidence counts the trials of another registry, or of a workspace by itself; make it again: quantai evidence <run>',
};

/** What the gates ask of a run: its evidence from `file`, and what it traded and on which terms from its folder. Throws when either cannot be read. */
export const gateEvidence = async (workspace: Workspace, run: string, file: string): Promise<GateEvidence> => {
  const { run: of, tried, judged, sharpe, intervals, search, foldPbo, checks } = await written(file);
  const trials = await trialsOf(workspace);
  const subject = await evidenceSubject(await findRun(workspace, run));
  const { periodsPerYear, dsr } = sharpe;
  return {
    run: of.runId,
    kind: of.kind,
    outOfSample: of.outOfSample && subject.outOfSample,
    days: judged.returns === null || periodsPerYear === null || !(periodsPerYear > 0) ? null : (judged.returns * 365) / periodsPerYear,
    trades: judged.trades,
    // N of one place says nothing of what was tried in the other.
    dsr: tried?.team === (typeof trials === 'string' ? undefined : await trials.scope()) ? dsr : COUNTED_ELSEWHERE,
    pbo: decidingPbo({ search, foldPbo }),
    configurations: search?.configurations ?? null,
    spa: search?.spa ?? NO_SEARCH,
    realityCheck: search?.realityCheck ?? NO_SEARCH,
    drawdown: deepest(intervals, subject.outcome),
    checks,
    synthetic: of.synthetic || subject.synthetic,
    dataErrors: dataErrorsOf(subject.findings),
    params: subject.steps.at(-1)?.params ?? null,
    config: subject.config,
  };
};
