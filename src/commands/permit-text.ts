import type { StartPermit } from './start-gate.js';

const share = (value: number): string => `${Number((value * 100).toFixed(4))} %`;

/** What a start says of what its session is: one line for each promotion, or that it is evidence for nothing. */
export const permitText = ({ promoted }: StartPermit, currency: string): readonly string[] =>
  promoted.length === 0
    ? ['REHEARSAL: nothing here is promoted, and nothing of it counts as evidence.']
    : promoted.map(
        ({ promotion, stage, share: part, size }) =>
          `Promotion ${promotion}, ${stage} at ${share(part)} of ${size.toLocaleString('en-US')} ${currency}.`,
      );
