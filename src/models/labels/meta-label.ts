import type { Label } from './label.js';
import type { PrimarySide, Side } from './primary-side.js';

/** What is asked: did it pay to act on a side that is given? */
export interface MetaLabelOptions {
  readonly primary: PrimarySide;
  /** What pays: a long is paid when this label is up, a short when it is down. */
  readonly label: Label;
}

/**
 * Whether acting on the side of a primary rule paid: up when it did, down when it did not, flat where there was no side. The outcome is the return of having acted,
 * side × return, and 0 without a side. A model of this label says how much to trust the rule, hence how much to bet. With unequal barriers give the same side to
 * `tripleBarrier`, so that take-profit and stop-loss are those of the side taken.
 * Source: López de Prado, Advances in Financial Machine Learning (2018), §3.6.
 */
export const metaLabel = ({ primary, label }: MetaLabelOptions): Label => ({
  key: `meta-label(${primary.key},${label.key})`,
  horizon: label.horizon,
  create: emit => {
    const sideOf = primary.create();
    // The side of a row is wanted until its label has matured, `horizon` bars later at most.
    const sides: Side[] = Array.from({ length: label.horizon + 1 }, () => 0);
    let row = 0;
    const inner = label.create(matured => {
      const side = sides[matured.row % sides.length]!;
      const paid = matured.label === (side > 0 ? 2 : 0);
      emit({ ...matured, label: side === 0 ? 1 : paid ? 2 : 0, outcome: side === 0 ? 0 : side * matured.outcome });
    });
    return {
      push(bar, sigma) {
        sides[row % sides.length] = sideOf(bar);
        row++;
        inner.push(bar, sigma);
      },
      get open() {
        return inner.open;
      },
    };
  },
});
