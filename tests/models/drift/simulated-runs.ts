import { expect } from 'vitest';
import type { DriftDetector } from '../../../src/models/drift/drift-detector.js';
import { random, type Random } from '../../../src/random.js';

/** Laws of mean 0 and standard deviation 1. */
export const normal = (draw: Random): number => draw.normal();
export const exponential = (draw: Random): number => -Math.log(1 - draw.next()) - 1;
export const coin = (draw: Random): number => ((draw.next() < 0.3 ? 1 : 0) - 0.3) / Math.sqrt(0.21);

type Law = (draw: Random) => number;
type Make = (draw: Random) => DriftDetector;

/** Shares of runs of 500 observations of one law that reach each level. */
export const falseAlarms = (make: Make, law: Law, runs = 400): { readonly drift: number; readonly warning: number } => {
  const reached = { drift: 0, warning: 0 };
  for (let run = 0; run < runs; run++) {
    const draw = random(`quiet ${run}`);
    const detector = make(draw);
    const seen = new Set<string>();
    for (let i = 0; i < 500 && !seen.has('drift'); i++) seen.add(detector.update(law(draw)));
    if (seen.has('drift')) reached.drift++;
    if (seen.has('drift') || seen.has('warning')) reached.warning++;
  }
  return { drift: reached.drift / runs, warning: reached.warning / runs };
};

/** Share of runs that reach `drift` within so many observations after a change of the law, and had not before. */
export const found = (make: Make, before: Law, after: Law, quiet: number, within: number, runs = 400): number => {
  let hits = 0;
  for (let run = 0; run < runs; run++) {
    const draw = random(`moved ${run}`);
    const detector = make(draw);
    let early = false;
    for (let i = 0; i < quiet; i++) early ||= detector.update(before(draw)) === 'drift';
    let late = false;
    for (let i = 0; i < within; i++) late ||= detector.update(after(draw)) === 'drift';
    if (late && !early) hits++;
  }
  return hits / runs;
};

export const shifted =
  (law: Law, by: number): Law =>
  draw =>
    law(draw) + by;

/** A long shift reaches `warning` before `drift`, and the levels fall once the old law is back. */
export const expectWarningFirstAndRecovery = (make: Make, within: number): void => {
  const draw = random('there and back');
  const detector = make(draw);
  for (let i = 0; i < 100; i++) detector.update(normal(draw));
  const levels = Array.from({ length: 120 }, () => detector.update(normal(draw) + 1));
  expect(levels.indexOf('warning')).toBeGreaterThanOrEqual(0);
  expect(levels.indexOf('warning')).toBeLessThan(levels.indexOf('drift'));
  const after = Array.from({ length: within }, () => detector.update(normal(draw)));
  expect(after.at(-1)).toBe('none');
};
