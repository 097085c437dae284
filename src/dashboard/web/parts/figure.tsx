import { toneOf } from './tone.js';
import { NONE } from './figures.js';

/** A number in tabular figures. `text` is written by `figures.ts`; `value` gives it the colour of gain or loss; `reason` says, on hover and to screen readers, why there is none. */
export const Figure = ({
  text,
  value,
  reason,
}: {
  readonly text: string;
  readonly value?: number | null;
  readonly reason?: string | undefined;
}) => (
  <span
    class={`figure ${value === undefined ? '' : `tone-${toneOf(value)}`}`}
    title={text === NONE ? (reason ?? 'There is no figure.') : undefined}
  >
    {text}
  </span>
);
