import type { FactOf } from './fact.js';
import type { InputRange } from './feed.js';

/** A run began under this manifest, named by the SHA-256 of its canonical JSON. */
export type RunStarted = FactOf<'RunStarted', { manifest: string }>;
/** The run reads this stretch of market data; replay reads it from there. */
export type InputConsumed = FactOf<'InputConsumed', { input: InputRange }>;
/** The strategy left a note for the report. */
export type NoteWritten = FactOf<'NoteWritten', { text: string }>;
/** The data ended, or the run was halted for good. */
export type RunFinished = FactOf<'RunFinished', { bars: number; fingerprint: string }>;

export type RunFact = RunStarted | InputConsumed | NoteWritten | RunFinished;
