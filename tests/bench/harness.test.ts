import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMet, measurement } from '../../bench/harness/benchmark.js';
import { interleave, median, processorClock, ratioOf, spreadOf } from '../../bench/harness/interleave.js';
import { machine } from '../../bench/harness/machine.js';
import { tableText } from '../../bench/harness/report.js';
import { runRecord } from '../../bench/harness/run-record.js';

describe('timing by turns', () => {
  test('runs every contender once in each round, first and last by turns, and keeps only the rounds that count', async () => {
    const turns: string[] = [];
    const contender = (name: string) => ({ run: () => turns.push(name) });
    const timings = await interleave([contender('a'), contender('b')], { warmups: 2, rounds: 3 });
    expect(turns.join('')).toBe('abbaabbaab');
    expect(timings.map(rounds => rounds.length)).toEqual([3, 3]);
  });

  test('waits for work that is not done when it returns, and gives seconds per run', async () => {
    const pause = () => new Promise(resolve => setTimeout(resolve, 20));
    const [timings = []] = await interleave([{ run: pause, repeat: 10 }], { warmups: 0, rounds: 1 });
    expect(timings[0]).toBeGreaterThan(0.015);
    expect(timings[0]).toBeLessThan(0.15);
  });

  test('in processor time, waiting costs nothing', async () => {
    const pause = () => new Promise(resolve => setTimeout(resolve, 300));
    const [timings = []] = await interleave([{ run: pause }], { warmups: 0, rounds: 1, clock: processorClock });
    expect(timings[0]).toBeLessThan(0.2);
  });

  test('the median is a value with as many below as above it', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 }), values => {
        const middle = median(values);
        expect(values.filter(x => x < middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter(x => x > middle).length).toBeLessThanOrEqual(values.length / 2);
      }),
    );
    expect(median([1, 10, 2, 4])).toBe(3);
    expect(median([])).toBeNaN();
  });

  test('the spread is half of what the middle half of the rounds spans, whatever the worst of them did', () => {
    expect(spreadOf([10, 11, 12, 13, 14])).toBeCloseTo(1 / 12, 12);
    expect(spreadOf([10, 11, 12, 13, 1400])).toBeCloseTo(1 / 12, 12);
    expect(spreadOf([5, 5, 5])).toBe(0);
    expect(spreadOf([5, 6])).toBeNull();
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: 1e-6, max: 1e6 }), { minLength: 3 }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (timings, scale) => {
          const spread = spreadOf(timings) ?? NaN;
          expect(spread).toBeGreaterThanOrEqual(0);
          // A slower machine spreads as much.
          expect(spreadOf(timings.map(seconds => seconds * scale))).toBeCloseTo(spread, 6);
        },
      ),
    );
  });

  test('a machine that slows down in one round leaves the ratio alone', () => {
    expect(ratioOf([2, 2, 200, 2, 2], [1, 1, 100, 1, 1])).toBe(2);
  });
});

describe('the figures', () => {
  const fast = measurement('engine', 2e6, 'bars/s', {
    timings: [10, 11, 12, 13, 14],
    ratio: 61,
    of: 'the bare loop',
    targets: [
      { on: 'value', atLeast: 1.5e6, text: '≥ 1.5 million bars/s' },
      { on: 'ratio', atMost: 60, text: '≤ 60 × the loop' },
    ],
  });
  const alone = measurement('import', 4321.987, 'rows/s');
  const absent = measurement('rival', null, 'bars/s', { note: 'not installed: no network' });
  const report = { machine: machine(), commit: 'abc123', measurements: [fast, alone, absent] };

  test('are held to their own targets, limits included', () => {
    expect(fast.targets.map(target => isMet(fast, target))).toEqual([true, false]);
    expect(isMet({ ...fast, ratio: 60 }, fast.targets[1]!)).toBe(true);
    expect(isMet({ ...fast, ratio: null }, fast.targets[1]!)).toBe(false);
    expect(isMet({ ...fast, value: NaN }, fast.targets[0]!)).toBe(false);
  });

  test('as a record say all that the table says, and whether each target is met', () => {
    const run = { date: '2026-01-01T00:00:00.000Z', commit: null, quick: true, machine: machine() };
    const printed = JSON.parse(JSON.stringify(runRecord(run, [fast, { ...alone, ratio: NaN }, absent]))) as object;
    expect(printed).toEqual({
      ...run,
      results: [
        {
          name: 'engine',
          value: 2e6,
          unit: 'bars/s',
          spread: expect.closeTo(1 / 12, 12),
          rounds: 5,
          ratio: 61,
          of: 'the bare loop',
          targets: [
            { on: 'value', atLeast: 1.5e6, text: '≥ 1.5 million bars/s', met: true },
            { on: 'ratio', atMost: 60, text: '≤ 60 × the loop', met: false },
          ],
          note: null,
        },
        { name: 'import', value: 4321.987, unit: 'rows/s', spread: null, rounds: null, ratio: null, of: null, targets: [], note: null },
        {
          name: 'rival',
          value: null,
          unit: 'bars/s',
          spread: null,
          rounds: null,
          ratio: null,
          of: null,
          targets: [],
          note: 'not installed: no network',
        },
      ],
    });
  });

  test('as a table say met or missed beside each target, and the spread beside each median', () => {
    const lines = tableText(report).split('\n');
    const engine = lines.find(line => line.startsWith('engine'));
    expect(engine).toMatch(/2,000,000 {2}±8\.3 % {2}bars\/s/);
    expect(engine).toMatch(/≥ 1\.5 million bars\/s; ≤ 60 × the loop {2}met; missed$/);
    expect(lines.find(line => line.startsWith('import'))).toMatch(/4,322 +rows\/s$/);
  });

  test('say on what they were measured, how busy it was, and at which commit', () => {
    const [on] = tableText({ ...report, machine: { ...machine(), load: 1.5 } }).split('\n');
    expect(on).toContain(`${machine().cores} cores`);
    expect(on).toMatch(/load 1\.5 at the start; commit abc123$/);
  });

  test('that could not be measured have a dash, a number and their reason below', () => {
    const lines = tableText(report).split('\n');
    expect(lines.find(line => line.startsWith('rival [1]'))).toMatch(/–/);
    expect(lines.at(-1)).toBe('[1] not installed: no network');
  });

  test('show how far they moved since an earlier run, in brackets where both spreads explain it', () => {
    const before = (value: number, spread: number | null) =>
      measurement(
        'engine',
        value,
        'bars/s',
        spread === null ? {} : { timings: [1 - 2 * spread, 1 - spread, 1, 1 + spread, 1 + 2 * spread] },
      );
    const since = (value: number, spread: number | null): string => {
      const earlier = runRecord({ date: '2026-01-01T00:00:00.000Z', commit: 'old', quick: false, machine: machine() }, [
        before(value, spread),
      ]);
      const lines = tableText({ ...report, earlier }).split('\n');
      expect(lines.find(line => line.startsWith('benchmark'))).toMatch(/since old$/);
      expect(lines.find(line => line.startsWith('import'))).toMatch(/new$/);
      return lines.find(line => line.startsWith('engine')) ?? '';
    };
    expect(since(1e6, null)).toMatch(/\+100\.0 %$/);
    expect(since(4e6, null)).toMatch(/−50\.0 %$/);
    expect(since(1.9e6, 0.01)).toMatch(/\(\+5\.3 %\)$/);
  });
});
