import type { ComponentChildren } from 'preact';
import type { Tone } from './tone.js';

/** A word with a colour: a state, a verdict, a label. */
export const Badge = ({
  tone = 'neutral',
  title,
  children,
}: {
  readonly tone?: Tone;
  readonly title?: string | undefined;
  readonly children: ComponentChildren;
}) => (
  <span class={`badge badge-${tone}`} title={title}>
    {children}
  </span>
);

const TONES = { ACTIVE: 'accent', REDUCING: 'warn', HALTED: 'alarm' } as const;

/** Where the risk state machine stands. */
export const RiskBadge = ({ risk }: { readonly risk: 'ACTIVE' | 'REDUCING' | 'HALTED' }) => <Badge tone={TONES[risk]}>{risk}</Badge>;

/** `buy` and `sell` in words and colour. */
export const SideBadge = ({ side }: { readonly side: 'buy' | 'sell' }) => <Badge tone={side === 'buy' ? 'gain' : 'loss'}>{side}</Badge>;

/** Stands wherever data was generated or comes from the practice exchange. */
export const SyntheticBadge = () => (
  <Badge tone="practice" title="Generated data, not a real market">
    synthetic
  </Badge>
);
