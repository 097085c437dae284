import type { Panel, PanelFeature } from '../panel-feature.js';

/** ln(mark ÷ index); where no index price is known ln(close ÷ mark), the premium of the last trade; NaN where there is neither. */
export const premium = ({ bar, mark, index }: Panel): number =>
  index > 0 ? Math.log(mark / index) : mark > 0 ? Math.log(bar.close / mark) : NaN;

/** Basis of the perpetual as a logarithm, 0.001 about 0.1 %: mark price against the index, or where there is no index the bar's close against the mark price. */
export const basis = (): PanelFeature => ({
  key: 'basis()',
  warmup: 1,
  outputs: ['value'],
  needs: ['mark', 'index'],
  create: () => (panel, out, offset) => {
    out[offset] = premium(panel);
  },
});
