import type { FaultSpec } from './fault.js';
import type { WireAnswer, WireRequest } from './front.js';
import { withHostileFields } from './hostile-fields.js';

/** What it needs of the venue. */
export interface FaultyAnswerOptions {
  readonly faults: (request: WireRequest) => readonly FaultSpec[];
  readonly answer: (request: WireRequest) => WireAnswer;
  /** The venue's own words for a trouble. */
  readonly trouble: (status: number) => string;
}

const pause = (ms: number): Promise<void> => (ms > 0 ? new Promise(resolve => setTimeout(resolve, ms)) : Promise.resolve());

/**
 * A request's way to the venue and back, through the faults. Null: no answer comes, the connection is to be cut. The venue looks at the request when the delays before it are over, so that one that
 * was late is refused for its time stamp.
 */
export const faultyAnswer = async ({ faults, answer, trouble }: FaultyAnswerOptions, request: WireRequest): Promise<WireAnswer | null> => {
  const met = faults(request);
  const of = (kind: FaultSpec['kind']): FaultSpec | undefined => met.find(fault => fault.kind === kind);
  for (const fault of met) if (fault.kind === 'delay') await pause(fault.ms);
  const lost = of('drop-request');
  if (lost !== undefined) {
    await pause(lost.ms);
    return null;
  }
  const instead = of('answer');
  let real: WireAnswer | undefined;
  if (instead === undefined || instead.processed) {
    real = answer(request);
    if (of('duplicate-request') !== undefined) answer(request);
  }
  for (const fault of met) if (fault.kind === 'delay-answer') await pause(fault.ms);
  const unheard = of('drop-answer');
  if (unheard !== undefined) {
    await pause(unheard.ms);
    return null;
  }
  if (instead !== undefined) {
    const body = instead.body ?? trouble(instead.status);
    const type = body.startsWith('<') ? 'text/html' : 'application/json';
    return { status: instead.status, headers: { 'content-type': type, ...instead.headers }, body };
  }
  const hostile = met.filter(({ kind }) => kind === 'hostile');
  return real === undefined ? null : { ...real, body: hostile.reduce((body, fault) => withHostileFields(body, fault), real.body) };
};
