import type { GateResult } from './gate.js';

/** Which gate speaks. */
export interface GateName {
  readonly gate: string;
  readonly title: string;
  /** True when left out. */
  readonly overridable?: boolean;
}

/** What was measured against what is asked for; null where it is no number. */
export interface GateFigures {
  readonly figure?: number | null;
  readonly limit?: number | null;
}

const result = (
  { gate, title, overridable = true }: GateName,
  verdict: GateResult['verdict'],
  sentence: string,
  change: string,
  { figure = null, limit = null }: GateFigures,
): GateResult => ({
  gate,
  title,
  verdict,
  figure: figure !== null && Number.isFinite(figure) ? figure : null,
  limit,
  sentence,
  change,
  overridable,
});

export const passes = (name: GateName, sentence: string, figures: GateFigures = {}): GateResult =>
  result(name, 'pass', sentence, '', figures);

export const fails = (name: GateName, sentence: string, change: string, figures: GateFigures = {}): GateResult =>
  result(name, 'fail', sentence, change, figures);

/** For a figure that is not there: the door stays shut. */
export const cannotTell = (name: GateName, sentence: string, change: string, figures: GateFigures = {}): GateResult =>
  result(name, 'cannot-tell', sentence, change, figures);

/** Whether a figure is there: null and what is no number are not. */
export const isKnown = (value: number | null): value is number => value !== null && !Number.isNaN(value);
