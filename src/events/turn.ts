import { setImmediate } from 'node:timers/promises';

/**
 * One turn of the event loop: whatever waits (a strategy's promises, an interrupt) is heard before it is over. It tells no time, and nothing that a backtest gives depends on how long it takes.
 */
export const turn = (): Promise<void> => setImmediate();
