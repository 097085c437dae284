import { z } from 'zod';
import type { CapacityUncertainty, ImpactLaw } from '../../costs/capacity.js';
import type { RunConfig } from '../../engine/run-config.js';
import { badData } from '../../errors.js';
import type { FillFit } from './fit-fill-model.js';
import { findModel, keepModel, type KeptModel } from './kept-model.js';

/** Where the fills came from: files by content, or a recorded run. */
export type FillSource =
  | { readonly kind: 'files'; readonly files: readonly { readonly file: string; readonly sha256: string }[] }
  | { readonly kind: 'run'; readonly run: string };

/** Where σ and volume came from: the source itself, or bars of a dataset, with σ from their range (Parkinson 1980). */
export type IntervalSource = 'given' | { readonly dataset: string; readonly version: string; readonly timeframe: string };

const Parameter = z.looseObject({ value: z.number(), error: z.number().nullable() });

/** What a reader needs of a file. */
const FillModelDocument = z.looseObject({
  kind: z.literal('fill-model'),
  format: z.literal(1),
  parameters: z.strictObject({ spreadBps: Parameter, coefficient: Parameter, exponent: Parameter }),
  correlation: z.number().nullable(),
  interval: z.union([z.literal('given'), z.looseObject({ timeframe: z.string() })]),
});

/** A fill model of a workspace, as a run is configured with it and as capacity is taken from it. */
export interface FillModel {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  readonly slippage: Extract<RunConfig['slippage'], { kind: 'fitted' }>;
  readonly impact: ImpactLaw;
  readonly uncertainty: CapacityUncertainty;
  /** Timeframe of the bars that σ and volume came from; null when the fills' own file gave them. */
  readonly timeframe: string | null;
}

/** Keeps a fit in `models/fills` of a workspace. Equal fits of equal sources are one file. */
export const keepFillModel = (root: string, name: string, fit: FillFit, source: FillSource, interval: IntervalSource): Promise<KeptModel> =>
  keepModel(root, 'fills', name, {
    kind: 'fill-model',
    format: 1,
    law: 'spread / 2 + coefficient × sigma × (quantity / volume)^exponent',
    source,
    interval,
    ...fit,
  });

/**
 * A fill model by `NAME` or `NAME@VERSION`, from the workspace at `root`. Throws usage errors for unknown and ambiguous names and bad data for a file that was
 * changed or is none.
 */
export const readFillModel = (root: string, reference: string): FillModel => {
  const { name, version, path, document } = findModel(root, 'fills', reference);
  const parsed = FillModelDocument.safeParse(document);
  if (!parsed.success) throw badData('changed-fit', `${path} holds no fill model of this release.`, 'Fit again with: quantai fit fills');
  const { parameters, correlation, interval } = parsed.data;
  const { spreadBps, coefficient, exponent } = parameters;
  return {
    name,
    version,
    path,
    slippage: { kind: 'fitted', version, spreadBps: spreadBps.value, coefficient: coefficient.value, exponent: exponent.value },
    impact: { coefficient: coefficient.value, exponent: exponent.value },
    uncertainty: { coefficient: coefficient.error ?? 0, exponent: exponent.error ?? 0, correlation: correlation ?? 0 },
    timeframe: interval === 'given' ? null : interval.timeframe,
  };
};
