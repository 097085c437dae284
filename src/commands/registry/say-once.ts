import { terminal, type Terminal } from '../terminal.js';

/** A command that looks twice has said it; a dashboard, which looks for days, says again what is still so. */
const AGAIN_MS = 60_000;

const said = new WeakMap<Terminal, Map<string, number>>();

/** Says `text` by `saying`, unless this command has just said the same: who may give it is looked up before it looks itself. */
export const sayOnce = (text: string, saying: (text: string) => void): void => {
  const mine = said.get(terminal()) ?? new Map<string, number>();
  said.set(terminal(), mine);
  const now = performance.now();
  const last = mine.get(text);
  if (last !== undefined && now - last < AGAIN_MS) return;
  mine.set(text, now);
  saying(text);
};
