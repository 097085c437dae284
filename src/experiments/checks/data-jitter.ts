import { share } from '../evidence/figure-text.js';
import type { Check, CheckSubject, DataChange, Probe } from './check.js';
import { damageVerdict, drawnDamage } from './damage.js';
import { checkResult, pointOf, profitOf } from './verdict-of-check.js';

/** How one kind of jitter is made and told. */
export interface Jitter extends Pick<Check, 'id' | 'title'> {
  readonly axis: string;
  /** Of the subject's data: the size on the axis, its words, and the change of a draw. */
  size(subject: CheckSubject): { readonly x: number; readonly words: string; change(seed: string): DataChange };
}

/**
 * The subject on data that are a little different, several times. Verdict by what the draws lose on average: `fail` when the profit is gone by more than their own scatter explains, `warn` when
 * it is gone within it or less than half is left.
 */
export const dataJitter = ({ id, title, axis, size }: Jitter, draws: number): Check => {
  const identity = { id, title, family: 'fragility' } as const;
  return {
    ...identity,
    needsProfit: true,
    plan: subject => {
      const { words, change } = size(subject);
      return Array.from({ length: draws }, (_, i): Probe => ({
        name: `${words}, draw ${i + 1}`,
        change: change(`${subject.seed}/${id}/${i}`),
      }));
    },
    judge: (subject, base, outcomes) => {
      const { x, words } = size(subject);
      const damage = drawnDamage(
        base.returns,
        outcomes.map(({ returns }) => returns),
      );
      const points = outcomes.map((outcome, i) => pointOf(`${words}, draw ${i + 1}`, x, outcome));
      const made = points.flatMap(({ totalReturn }) => totalReturn ?? []);
      const range = made.length === 0 ? 'nothing' : `${share(Math.min(...made))} to ${share(Math.max(...made))}`;
      return checkResult(
        identity,
        damageVerdict(damage),
        `With ${words} it earns ${range} in ${draws} draws, as it is ${share(profitOf(base)!)}.`,
        { base: pointOf('as it is', 0, base), points, axis },
      );
    },
  };
};
