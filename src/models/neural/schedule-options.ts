import { usageError } from '../../errors.js';
import type { TensorflowBackend } from './tensorflow.js';
import { TENSORFLOW_BACKENDS } from './tensorflow.js';
import type { EarlyStopping, Schedule } from './train.js';

/** How a network of any architecture is trained. */
export interface TrainingOptions {
  /** Passes over the training windows. */
  readonly epochs?: number;
  /** Windows in a step; 256 when left out. */
  readonly batch?: number;
  /** Step size of Adam. */
  readonly learningRate?: number;
  /** Decoupled weight decay, times the learning rate; 0.01 when left out. */
  readonly weightDecay?: number;
  /** Longest gradient; 1 when left out. */
  readonly clipNorm?: number;
  /** Share of hidden numbers silenced in a step of training; 0, none, when left out. */
  readonly dropout?: number;
  /** Watch the latest windows and stop when they get no better; null, never, when left out. */
  readonly earlyStopping?: EarlyStopping | null;
  /** Most windows to learn from, the latest. */
  readonly maxRows?: number;
  /** Where tensors are computed; `wasm` when left out. Bits differ between back ends. */
  readonly backend?: TensorflowBackend;
}

/** What an architecture sets when its user does not. */
export type TrainingDefaults = Required<Pick<TrainingOptions, 'epochs' | 'learningRate' | 'maxRows'>>;

/** Options with defaults filled in. Throws a usage error for those out of range. */
export const scheduleOf = (
  options: TrainingOptions,
  defaults: TrainingDefaults,
): { readonly schedule: Schedule; readonly maxRows: number; readonly backend: TensorflowBackend } => {
  const { epochs = defaults.epochs, learningRate = defaults.learningRate, maxRows = defaults.maxRows, batch = 256 } = options;
  const { weightDecay = 0.01, clipNorm = 1, dropout = 0, earlyStopping = null, backend = 'wasm' } = options;
  const refuse = (wrong: boolean, sentence: string, fix: string): void => {
    if (wrong) throw usageError('bad-network', sentence, fix);
  };
  for (const [name, value] of Object.entries({ epochs, batch, maxRows })) requireSize(name, value);
  refuse(!(learningRate > 0 && learningRate < 1), `A learning rate of ${learningRate} is not between 0 and 1.`, 'Use 0.003.');
  refuse(!(weightDecay >= 0 && weightDecay * learningRate < 1), `A weight decay of ${weightDecay} is out of range.`, 'Use 0.01.');
  refuse(!(clipNorm > 0), `A gradient norm of at most ${clipNorm} lets nothing be learned.`, 'Use 1.');
  refuse(!(dropout >= 0 && dropout < 1), `A dropout of ${dropout} is not a share.`, 'Use 0 or a fraction such as 0.2.');
  refuse(!TENSORFLOW_BACKENDS.includes(backend), `There is no back end "${backend}".`, `Use one of ${TENSORFLOW_BACKENDS.join(', ')}.`);
  if (earlyStopping) {
    const { share, gap, patience } = earlyStopping;
    refuse(!(share > 0 && share < 1), `${share} is not a share of windows to watch.`, 'Use a fraction such as 0.2.');
    refuse(!(Number.isInteger(gap) && gap >= 0), `${gap} is not a number of windows to leave out.`, "Use the label's horizon × symbols.");
    requireSize('patience', patience);
  }
  return { schedule: { epochs, batch, dropout, learningRate, weightDecay, clipNorm, earlyStopping }, maxRows, backend };
};

/** Throws a usage error unless an option is a whole number above 0. */
export const requireSize = (name: string, value: number): void => {
  if (!(Number.isInteger(value) && value > 0))
    throw usageError('bad-network', `${name} is ${value}, which is not a whole number above 0.`, `Give ${name} as a whole number above 0.`);
};
