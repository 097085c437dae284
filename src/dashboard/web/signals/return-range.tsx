import { percent } from '../parts/figures.js';

/** Half of the drawing's width; its scale runs from −widest to widest. */
const HALF = 60;

/** Expected return with one standard deviation on either side, against zero, on the scale that all rows share. */
export const ReturnRange = ({ mean, sd, widest }: { readonly mean: number; readonly sd: number; readonly widest: number }) => {
  const at = (value: number): number => HALF + (widest === 0 ? 0 : (value / widest) * (HALF - 2));
  const text = `${percent(mean, 2, true)} ± ${percent(sd, 2)}`;
  return (
    <svg class="return-range" viewBox={`0 0 ${2 * HALF} 16`} width={2 * HALF} height="16" role="img" aria-label={text}>
      <title>{text}</title>
      <line class="zero" x1={HALF} x2={HALF} y1="1" y2="15" />
      <line class="spread" x1={at(mean - sd)} x2={at(mean + sd)} y1="8" y2="8" />
      <circle class={mean >= 0 ? 'gain' : 'loss'} cx={at(mean)} cy="8" r="3.5" />
    </svg>
  );
};
