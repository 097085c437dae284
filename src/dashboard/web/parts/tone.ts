/** What a colour says: gain and loss are blue and orange, `alarm` (red) is for alarms only, `practice` marks what is generated or rehearsed. */
export type Tone = 'neutral' | 'accent' | 'gain' | 'loss' | 'warn' | 'alarm' | 'practice';

/** Gain above zero, loss below it; neutral for nothing and for zero. */
export const toneOf = (value: number | null | undefined): Tone =>
  value === null || value === undefined || !(Math.abs(value) > 0) ? 'neutral' : value > 0 ? 'gain' : 'loss';
