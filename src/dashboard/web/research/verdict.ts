import type { Tone } from '../parts/tone.js';

/** How a grade of evidence looks. Gain and loss are for money: a strong verdict is no profit. */
const TONES: Readonly<Record<string, Tone>> = {
  strong: 'gain',
  suggestive: 'gain',
  weak: 'warn',
  insufficient: 'neutral',
  against: 'loss',
  none: 'neutral',
};

const MEANINGS: Readonly<Record<string, string>> = {
  strong: 'Strong evidence',
  suggestive: 'Suggestive evidence',
  weak: 'Weak evidence',
  insufficient: 'Not enough data to say',
  against: 'Evidence against it',
  none: 'Proves nothing about a market: synthetic or broken data',
};

/** Tone and meaning of a grade. */
export const verdictLook = (grade: string): { readonly tone: Tone; readonly meaning: string } => ({
  tone: TONES[grade] ?? 'neutral',
  meaning: MEANINGS[grade] ?? grade,
});
