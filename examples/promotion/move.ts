import type { Bar } from 'quantai-trad';

/** How far a bar went, basis points of its open. */
export const moveOf = ({ open, close }: Pick<Bar, 'open' | 'close'>): number => (close / open - 1) * 10_000;
