import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMet, measurement } from '../../bench/harness/benchmark.js';
import { interleave, median, ratioOf } from '../../bench/harness/interleave.js';
import { machine } from '../../bench/harness/machine.js';
import { jsonText, tableText } from '../../bench/harness/report.js';

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

  test('a machine that slows down in one round leaves the ratio alone', () => {
    expect(ratioOf([2, 2, 200, 2, 2], [1, 1, 100, 1, 1])).toBe(2);
  });
});

describe('the figures', () => {
  const fast = measurement('engine', 2e6, 'bars/s', {
    ratio: 61,
    of: 'the bare loop',
    targets: [
      { on: 'value', atLeast: 1.5e6, text: '≥ 1.5 million bars/s' },
      { on: 'ratio', atMost: 60, text: '≤ 60 × the loop' },
    ],
  });
  const alone = measurement('import', 4321.987, 'rows/s');

  test('are held to their own targets, limits included', () => {
    expect(fast.targets.map(target => isMet(fast, target))).toEqual([true, false]);
    expect(isMet({ ...fast, ratio: 60 }, fast.targets[1]!)).toBe(true);
    expect(isMet({ ...fast, ratio: null }, fast.targets[1]!)).toBe(false);
    expect(isMet({ ...fast, value: NaN }, fast.targets[0]!)).toBe(false);
  });

  test('as JSON are machine and results and nothing else', () => {
    const printed: unknown = JSON.parse(jsonText(machine(), [fast, alone]));
    expect(printed).toEqual({
      machine: { cpu: expect.any(String), cores: expect.any(Number), memory: expect.any(Number), node: process.version },
      results: [
        { name: 'engine', value: 2e6, unit: 'bars/s', ratio: 61, of: 'the bare loop' },
        { name: 'import', value: 4321.987, unit: 'rows/s', ratio: null, of: null },
      ],
    });
  });

  test('as a table say met or missed beside each target', () => {
    const lines = tableText(machine(), [fast, alone]).split('\n');
    const engine = lines.find(line => line.startsWith('engine'));
    expect(engine).toContain('2,000,000  bars/s');
    expect(engine).toMatch(/≥ 1\.5 million bars\/s; ≤ 60 × the loop {2}met; missed$/);
    expect(lines.find(line => line.startsWith('import'))).toMatch(/4,322 {2}rows\/s$/);
  });
});
