import { usageError } from '../errors.js';
import { parseDuration } from '../time.js';
import { numberOf } from './key-values.js';

/** More values of one axis than this are a slip of the pen. */
const MOST_VALUES = 100;

/** `0..4` or `0..4/0.5`: from, to and step in the axis's own unit. */
const RANGE = /^(.+?)\.\.(.+?)(?:\/(.+))?$/;

const listOf = (option: string, text: string, read: (piece: string) => number, step: number | null): number[] => {
  const values = text.split(',').flatMap((piece): number[] => {
    const trimmed = piece.trim();
    const range = RANGE.exec(trimmed);
    if (range === null) return [read(trimmed)];
    const [from, to] = [read(range[1] ?? ''), read(range[2] ?? '')];
    const by = range[3] === undefined ? step : read(range[3]);
    if (by === null)
      throw usageError(
        'bad-option',
        `--${option} has the range "${trimmed}" without a step.`,
        `Write it behind a slash: ${trimmed}/100ms.`,
      );
    if (!(by > 0 && to >= from))
      throw usageError('bad-option', `--${option} has the range "${trimmed}", which leads nowhere.`, 'Write FROM..TO or FROM..TO/STEP.');
    const steps = Math.floor((to - from) / by + 1e-9);
    // What follows is cut to one value too many, so that a range of a million is refused and not made.
    return Array.from({ length: Math.min(steps, MOST_VALUES) + 1 }, (_, i) => Number((from + i * by).toPrecision(12)));
  });
  if (values.length > MOST_VALUES) throw usageError('bad-option', `--${option} has more than ${MOST_VALUES} values.`, 'Use a longer step.');
  const negative = values.find(value => value < 0);
  if (negative !== undefined) throw usageError('bad-option', `--${option} cannot be ${negative}.`, 'Use zero or more.');
  return values;
};

/** `0,1,2,5` or `0..4` or `0..4/0.5`. Throws usage errors that name the option. */
export const numberAxis = (option: string, text: string): number[] => listOf(option, text, piece => numberOf(option, piece), 1);

/** `0ms,100ms,1s` or `0ms..1s/250ms`, in milliseconds. Throws usage errors that name the option. */
export const durationAxis = (option: string, text: string): number[] => listOf(option, text, parseDuration, null);

/** Whether a text of `--latency` is a list to sweep, rather than the latency of a run. */
export const isLatencyAxis = (text: string): boolean => !text.includes('=') && (text.includes(',') || text.includes('..'));
