import type { Tone } from '../parts/tone.js';

/** Kinds of decisions as a reader chooses them. */
export const DECISION_KINDS: readonly { readonly value: string; readonly text: string }[] = [
  { value: '', text: 'All decisions' },
  { value: 'denied', text: 'Denied' },
  { value: 'signal', text: 'Signals' },
  { value: 'plan', text: 'Plans' },
  { value: 'plan-closed', text: 'Plans that ended' },
  { value: 'target', text: 'Targets' },
  { value: 'order', text: 'Orders asked for' },
  { value: 'cancel', text: 'Cancels asked for' },
  { value: 'execution', text: 'Executions' },
];

const TONES: Readonly<Record<string, Tone>> = { denied: 'warn', signal: 'accent', plan: 'accent' };

/** Colour of a kind of decision: denials stand out. */
export const decisionTone = (kind: string): Tone => TONES[kind] ?? 'neutral';

/** Facts after which there may be another decision to show. */
export const DECIDING_FACTS: readonly string[] = [
  'TargetSet',
  'OrderRequested',
  'SignalGiven',
  'TradePlanned',
  'PlanClosed',
  'CancelRequested',
  'AmendRequested',
  'ExecutionRequested',
  'IntentDenied',
];
