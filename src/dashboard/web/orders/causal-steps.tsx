import { utc } from '../parts/figures.js';
import type { WhyStep } from './explanation.js';
import { factName } from './fact-name.js';
import { addressOf } from '../state/route.js';

/** Steps of a causal chain, oldest first, each from the one above it. A step that is a fact links to it in the journal. */
export const CausalSteps = ({
  steps,
  stream,
  chosen,
}: {
  readonly steps: readonly WhyStep[];
  readonly stream: string;
  readonly chosen: number;
}) => (
  <ol class="chain">
    {steps.map((step, place) => {
      const own = step.stream ?? stream;
      const name = step.seq === null ? null : factName({ strategy: own === 'account' ? '' : own, seq: step.seq });
      const isChosen = step.seq === chosen && step.stream === null;
      return (
        <li key={place} class={isChosen ? 'chosen' : undefined} aria-current={isChosen ? 'true' : undefined}>
          <p class="chain-head">
            <span class="chain-stage">{step.stage}</span>
            <span class="figure muted">{utc(step.ts)}</span>
            {name === null ? null : (
              <a class="mono" href={addressOf('/journal', { fact: name })}>
                {name}
              </a>
            )}
          </p>
          <p>{step.text}</p>
        </li>
      );
    })}
  </ol>
);
