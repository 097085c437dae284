/** Alarms that time does not clear: what was promoted has not done what was expected of it. They are up, over restarts too, until a person lets the account trade again. */
const LASTING: ReadonlySet<string> = new Set(['live-against-expected', 'parity-breach', 'promotion-ended']);

/** Whether an alarm is up until a person says so. */
export const isLasting = (code: string): boolean => LASTING.has(code);
