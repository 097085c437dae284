import { badData } from '../errors.js';
import type { Fact, FactType } from '../events/fact.js';

/** The version of each fact's shape that this release writes. */
export const FACT_VERSIONS: Readonly<Record<FactType, number>> = {
  TargetSet: 1,
  OrderRequested: 1,
  AmendRequested: 1,
  CancelRequested: 1,
  OrderApproved: 1,
  IntentDenied: 1,
  OrderSubmitted: 1,
  OrderAccepted: 1,
  OrderUnknown: 1,
  OrderRejected: 1,
  OrderTriggered: 1,
  OrderFilled: 1,
  OrderAmended: 1,
  AmendRejected: 1,
  OrderCancelled: 1,
  OrderExpired: 1,
  CancelRejected: 1,
  ExecutionRequested: 1,
  ExecutionClosed: 1,
  FundingSettled: 1,
  AccountLiquidated: 1,
  PositionLiquidated: 1,
  ExternalFilled: 1,
  PositionAdopted: 1,
  CashMoved: 1,
  RiskRemembered: 1,
  RiskStateChanged: 1,
  TrainingRequested: 1,
  ModelActivated: 1,
  ModelLate: 1,
  ModelExpired: 1,
  CalibrationFitted: 1,
  WeightsChanged: 1,
  DriftChanged: 1,
  SizeScaled: 1,
  SignalGiven: 1,
  TradePlanned: 1,
  PlanClosed: 1,
  RunStarted: 1,
  InputConsumed: 1,
  NoteWritten: 1,
  RunFinished: 1,
  SessionStarted: 1,
  SessionStopped: 1,
  ConnectionChanged: 1,
  GapFound: 1,
  DataQuarantined: 1,
  Reconciled: 1,
  AlarmRaised: 1,
  AlarmCleared: 1,
  OperatorCommanded: 1,
  SettingChanged: 1,
};

/** A fact as some release wrote it. */
export type WrittenFact = Readonly<Record<string, unknown>> & { readonly type: string; readonly version: number };
type Step = (old: WrittenFact) => WrittenFact;

/** By type and version: how a fact of that version becomes one of the next. */
export type Upcasters = Readonly<Record<string, Readonly<Record<number, Step>>>>;

const UPCASTERS: Upcasters = {};
/** The same versions: a text that was just read is found in a map sooner than among the keys of an object. */
const CURRENT: ReadonlyMap<string, number> = new Map(Object.entries(FACT_VERSIONS));

/**
 * A fact of any earlier release in the shape of this one. Throws a `UserError` for a type or a version that this release does not know: a newer one wrote the journal.
 * The tables are those of this release unless others are given.
 */
export const upcast = (
  written: WrittenFact,
  versions: Readonly<Record<string, number>> = FACT_VERSIONS,
  upcasters: Upcasters = UPCASTERS,
): Fact => {
  const current = versions === FACT_VERSIONS ? CURRENT.get(written.type) : versions[written.type];
  let fact = written;
  while (fact.version !== current) {
    const step = upcasters[fact.type]?.[fact.version];
    if (current === undefined || step === undefined)
      throw badData(
        'unknown-fact',
        `The journal holds a ${written.type} of version ${written.version}, which this release does not know.`,
        'Use the release that wrote it, or a newer one.',
      );
    fact = { ...step(fact), version: fact.version + 1 };
  }
  return fact as WrittenFact & Fact;
};
