import { effect, signal } from '@preact/signals';
import { account } from '../state/stream.js';
import { addPoint } from './equity-line.js';

/** Market time between two points of the live line. */
const STEP_MS = 60_000;
/** A page is drawn again at most this often, in ms of this computer's clock. */
const PACE_MS = 1000;

interface Live {
  readonly account: string | null;
  readonly ts: readonly number[];
  readonly equity: readonly number[];
}

/** Equity as the stream told it since the page was loaded, thinned. It goes on while other pages are open. */
export const liveEquity = signal<Live>({ account: null, ts: [], equity: [] });
let takenAt = 0;

effect(() => {
  const it = account.value;
  if (it === null || it.equity === null || it.marketTime === null) return;
  const before = liveEquity.peek();
  const now = Date.now();
  if (before.account === it.account && now - takenAt < PACE_MS) return;
  takenAt = now;
  const line = before.account === it.account ? before : { ts: [], equity: [] };
  liveEquity.value = { account: it.account, ...addPoint(line, it.marketTime, it.equity, STEP_MS) };
});
