import type { ComponentChildren } from 'preact';
import type { Tone } from './tone.js';

/** A headline figure: what it is, the figure, and one line below it. The space of all three is kept, so nothing moves when it ticks. */
export const Tile = ({
  label,
  value,
  delta,
  tone = 'neutral',
  title,
}: {
  readonly label: string;
  readonly value: ComponentChildren;
  readonly delta?: ComponentChildren;
  readonly tone?: Tone;
  readonly title?: string | undefined;
}) => (
  <div class="tile" title={title}>
    <dt>{label}</dt>
    <dd class={`tile-value tone-${tone}`}>{value}</dd>
    <dd class="tile-delta">{delta ?? '\u00a0'}</dd>
  </div>
);

/** A row of tiles. */
export const Tiles = ({ children }: { readonly children: ComponentChildren }) => <dl class="tiles">{children}</dl>;
