import type { Envelope, Fact } from '../events/fact.js';

type BodyOf<F> = F extends Fact ? Omit<F, Exclude<keyof Envelope, 'ts'>> : never;

/** A fact about to be said: what happened and when; the session gives it its place in a stream. */
export type Word = BodyOf<Fact>;
/** A word about the account or the session itself. */
export type AccountWord = Extract<
  Word,
  {
    type:
      | 'OrderApproved'
      | 'OrderSubmitted'
      | 'OrderAccepted'
      | 'OrderUnknown'
      | 'OrderRejected'
      | 'OrderTriggered'
      | 'OrderFilled'
      | 'OrderCancelled'
      | 'OrderExpired'
      | 'CancelRequested'
      | 'CancelRejected'
      | 'ExternalFilled'
      | 'PositionAdopted'
      | 'CashMoved'
      | 'FundingSettled'
      | 'RiskStateChanged'
      | 'RiskRemembered'
      | 'SessionStarted'
      | 'SessionStopped'
      | 'ConnectionChanged'
      | 'GapFound'
      | 'DataQuarantined'
      | 'Reconciled'
      | 'AlarmRaised'
      | 'AlarmCleared'
      | 'OperatorCommanded'
      | 'SettingChanged'
      | 'InputConsumed'
      | 'NoteWritten';
  }
>;
