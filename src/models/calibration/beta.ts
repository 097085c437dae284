import type { Calibrator } from './calibrator.js';
import { logistic } from './log-odds.js';
import { logisticFit } from './logistic-fit.js';
import { oneAgainstRest } from './one-against-rest.js';

/**
 * Beta calibration: logistic(a · ln p − b · ln(1 − p) + c) for each class, with a and b not below 0 so that more probable stays more probable. It bends the ends apart where Platt
 * scaling cannot. Fewer than 300 forecasts give null. Source: Kull, Silva Filho & Flach, AISTATS 2017.
 */
export const beta = (): Calibrator =>
  oneAgainstRest({
    kind: 'beta',
    options: {},
    minimum: 300,
    fit: (p, hit, weight) => {
      const target = Float64Array.from(hit);
      const column = { a: p.map(value => Math.log(value)), b: p.map(value => -Math.log(1 - value)), c: p.map(() => 1) };
      const fit = (names: readonly ('a' | 'b' | 'c')[], start: readonly number[]): Record<string, number> => {
        const x = new Float64Array(names.length * p.length);
        names.forEach((name, k) => column[name].forEach((value, i) => (x[names.length * i + k] = value)));
        const found = logisticFit(x, target, weight, names.length, start);
        return Object.fromEntries(names.map((name, k) => [name, found[k]!]));
      };
      const free = fit(['a', 'b', 'c'], [1, 1, 0]);
      // The authors' rule: a coefficient that comes out negative is left out, and the rest fitted again; here once more when the other is negative too.
      let { a = 0, b = 0, c = 0 } = free['a']! < 0 ? fit(['b', 'c'], [1, 0]) : free['b']! < 0 ? fit(['a', 'c'], [1, 0]) : free;
      if (a < 0 || b < 0) ({ a = 0, b = 0, c = 0 } = fit(['c'], [0]));
      return [a, b, c];
    },
    map: parameters => {
      const [a, b, c] = [parameters[0]!, parameters[1]!, parameters[2]!];
      return p => logistic(a * Math.log(p) - b * Math.log(1 - p) + c);
    },
  });
