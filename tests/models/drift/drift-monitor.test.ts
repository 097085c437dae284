import { describe, expect, it } from 'vitest';
import { defaultDriftRules } from '../../../src/models/drift/default-drift-rules.js';
import { driftMonitor, type DriftMonitor, type DriftRules } from '../../../src/models/drift/drift-monitor.js';
import type { DriftRecord } from '../../../src/models/forecast-record.js';
import { RowStore } from '../../../src/models/row-store.js';
import { random } from '../../../src/random.js';
import { normalCdf } from '../../../src/statistics/normal.js';

const HORIZON = 12;
const BAR = 1000;
const STRETCH = HORIZON * BAR;

/** Rows as a store has them, given outright. */
const storeOf = (width: number, symbols: number, rows: number): RowStore => {
  const store: RowStore = Object.create(RowStore.prototype);
  const fields = {
    width,
    base: 0,
    next: rows,
    x: new Float64Array(rows * width),
    ts: new Float64Array(rows),
    ready: new Uint8Array(rows).fill(1),
    current: Float64Array.from({ length: symbols }, (_, s) => rows - symbols + s),
  };
  return Object.assign(store, fields);
};

/**
 * Forecasts of a normal return whose mean they know, and its overlapping outcomes. From stretch `from` on the mean comes with the other sign (`turned`) or the spread is
 * twice what is said (`wild`). Returns the stretches at which each level was first reached by a subject.
 */
const outcomes = (seed: string, stretches: number, from: number, change: 'turned' | 'wild', rules: DriftRules = defaultDriftRules()) => {
  const draw = random(seed);
  const empty = storeOf(0, 0, 0);
  const monitor = driftMonitor(rules, 0, HORIZON, BAR);
  const recent = Float64Array.from({ length: HORIZON }, () => draw.normal());
  const p = new Float64Array(3);
  const first = new Map<string, number>();
  for (let bar = 0; bar < stretches * HORIZON; bar++) {
    recent[bar % HORIZON] = draw.normal();
    const z = recent.reduce((sum, x) => sum + x, 0) / Math.sqrt(HORIZON);
    const mean = bar % (4 * HORIZON) < 2 * HORIZON ? 1 : -1;
    const moved = bar >= from * HORIZON;
    const realised = moved && change === 'wild' ? mean + 2 * z : moved ? z - mean : mean + z;
    p[0] = normalCdf(-0.4 - mean);
    p[2] = normalCdf(mean - 0.4);
    p[1] = 1 - p[0] - p[2];
    monitor.outcome(p, 0, realised < -0.4 ? 0 : realised > 0.4 ? 2 : 1, realised, mean, 1);
    for (const { subject, level } of monitor.step(bar * BAR, empty)) {
      const key = `${subject} ${level}`;
      if (!first.has(key)) first.set(key, Math.floor(bar / HORIZON));
    }
  }
  return first;
};

const share = (runs: number, one: (run: number) => boolean): number => {
  let hits = 0;
  for (let run = 0; run < runs; run++) if (one(run)) hits++;
  return hits / runs;
};

describe('outcomes under the default rules', () => {
  it('raise no more false alarms than stated while forecasts are honest', () => {
    const seen = Array.from({ length: 150 }, (_, run) => outcomes(`honest ${run}`, 500, Infinity, 'turned'));
    for (const subject of ['calibration', 'residual'])
      expect(seen.filter(first => first.has(`${subject} drift`)).length / seen.length).toBeLessThanOrEqual(0.05);
  });

  it('that turn against their forecasts are drift of the calibration within the stated stretches', () => {
    const hit = share(150, run => {
      const at = outcomes(`turned ${run}`, 35, 15, 'turned').get('calibration drift') ?? Infinity;
      return at >= 15 && at < 35;
    });
    expect(hit).toBeGreaterThanOrEqual(0.9);
  });

  it('twice as wild as forecast are drift of the residuals within the stated stretches', () => {
    const hit = share(150, run => {
      const at = outcomes(`wild ${run}`, 60, 15, 'wild').get('residual drift') ?? Infinity;
      return at >= 15 && at < 60;
    });
    expect(hit).toBeGreaterThanOrEqual(0.9);
  });
});

const WIDTH = 24;
const SYMBOLS = 5;
const REFERENCE = 180 * SYMBOLS;
const HALF_LIVES = [6, 12, 24, 48, 96, 168, 336, 720];

/** Thirty stretches of features with memories from hours to a month, 0.7 alike across symbols, that all shift by `shift` after the training. */
const features = (
  seed: string,
  shift: number,
): { readonly levels: Set<string>; readonly monitor: DriftMonitor; readonly records: DriftRecord[] } => {
  const draw = random(seed);
  const store = storeOf(WIDTH, SYMBOLS, REFERENCE + SYMBOLS);
  const common = Float64Array.from({ length: WIDTH }, () => draw.normal());
  const own = Float64Array.from({ length: WIDTH * SYMBOLS }, () => draw.normal());
  const step = (row: number, by: number, ts: number): void => {
    for (let k = 0; k < WIDTH; k++) {
      const keep = Math.exp((-Math.LN2 * 24) / HALF_LIVES[k % HALF_LIVES.length]!);
      const fresh = Math.sqrt(1 - keep * keep);
      common[k] = keep * common[k]! + fresh * draw.normal();
      for (let s = 0; s < SYMBOLS; s++) {
        const i = s * WIDTH + k;
        own[i] = keep * own[i]! + fresh * draw.normal();
        store.x[(row + s) * WIDTH + k] = Math.sqrt(0.7) * common[k]! + Math.sqrt(0.3) * own[i]! + by;
        store.ts[row + s] = ts;
      }
    }
  };
  for (let t = 0; t < 180; t++) step(t * SYMBOLS, 0, t * STRETCH);
  const monitor = driftMonitor(defaultDriftRules(), WIDTH, HORIZON, BAR);
  monitor.retrained(store, { from: 0, to: 179 * STRETCH });
  const levels = new Set<string>();
  const records: DriftRecord[] = [];
  for (let t = 180; t < 210; t++) {
    step(REFERENCE, shift, t * STRETCH);
    for (const record of monitor.step(t * STRETCH, store)) {
      levels.add(record.level);
      records.push(record);
    }
  }
  return { levels, monitor, records };
};

describe('features under the default rules', () => {
  it('raise no more false alarms than stated while they are stationary, slow and alike as they may be', () => {
    const seen = Array.from({ length: 150 }, (_, run) => features(`still ${run}`, 0).levels);
    expect(seen.filter(levels => levels.has('drift')).length / seen.length).toBeLessThanOrEqual(0.02);
    expect(seen.filter(levels => levels.has('warning')).length / seen.length).toBeLessThanOrEqual(0.2);
  });

  it('that all shift are drift within the stated stretches', () => {
    expect(share(60, run => features(`moved ${run}`, 1).levels.has('drift'))).toBeGreaterThanOrEqual(0.9);
  });

  it('are told of once at each change, and the worst subject is the level', () => {
    const { monitor, records } = features('moved 0', 3);
    expect(records.every(({ subject, detector }) => subject === 'features' && detector === 'share')).toBe(true);
    for (let i = 1; i < records.length; i++) expect(records[i]!.level).not.toBe(records[i - 1]!.level);
    expect(monitor.level).toBe(records.at(-1)!.level);
    expect(monitor.level).toBe('drift');
  });
});
