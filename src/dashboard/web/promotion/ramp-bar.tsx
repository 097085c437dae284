import { Figure } from '../parts/figure.js';
import { NONE, percent } from '../parts/figures.js';
import { rampPlace } from './ramp-steps.js';

const short = (share: number): string => percent(share, Number.isInteger(share * 100) ? 0 : 1);

/** The steps of the ramp, those that were taken filled; a dash while they are not known. */
export const RampBar = ({ share, steps }: { readonly share: number; readonly steps: readonly number[] | null }) => {
  if (steps === null) return <Figure text={NONE} reason="The steps of the ramp are not known." />;
  const { step, next } = rampPlace(share, steps);
  return (
    <span
      class="ramp"
      role="img"
      aria-label={`Share ${short(share)} of the approved size${next === null ? ', the top of the ramp' : `, next ${short(next)}`}`}
    >
      {steps.map((each, at) => (
        <span key={each} class={at <= step ? 'taken' : at === step + 1 ? 'next' : ''}>
          {short(each)}
        </span>
      ))}
    </span>
  );
};
