import type { Envelope } from '../events/fact.js';
import type { ForecastFact } from '../events/forecast.js';

type Payload<F> = F extends ForecastFact ? Omit<F, Exclude<keyof Envelope, 'ts'>> : never;

/** What happened to models at `ts`: a fact of the stream whose envelope is still open. Signals and plans are not among them. */
export type ForecastEvent = Payload<
  Extract<
    ForecastFact,
    {
      type: 'TrainingRequested' | 'ModelActivated' | 'ModelLate' | 'ModelExpired' | 'CalibrationFitted' | 'WeightsChanged' | 'DriftChanged';
    }
  >
>;
