import type { Tone } from '../parts/tone.js';

const TONES: Readonly<Record<string, Tone>> = {
  OrderFilled: 'accent',
  ExternalFilled: 'warn',
  PositionAdopted: 'warn',
  IntentDenied: 'warn',
  OrderRejected: 'warn',
  OrderUnknown: 'warn',
  GapFound: 'warn',
  DataQuarantined: 'warn',
  ModelLate: 'warn',
  ModelExpired: 'warn',
  OperatorCommanded: 'accent',
  SettingChanged: 'accent',
  SessionStarted: 'accent',
  SessionStopped: 'accent',
  AlarmRaised: 'alarm',
  AccountLiquidated: 'alarm',
  PositionLiquidated: 'alarm',
  RiskStateChanged: 'warn',
};

/** Colour of a type of fact: what somebody should see stands out, everything else is quiet. */
export const factTone = (type: string): Tone => TONES[type] ?? 'neutral';
