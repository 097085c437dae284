import { usageError } from '../errors.js';

/** Set by the kernel of notebooks, and inherited by what a notebook starts. */
export const NOTEBOOK_ENV = 'QUANTAI_NOTEBOOK';

/**
 * Throws `no-live-in-notebook` inside a notebook: a cell is run again, out of order or all at once, by a keystroke, and an order that left twice cannot be taken back. Stands before every verb that sends orders
 * to a venue.
 */
export const refuseInNotebook = (verb: string): void => {
  if (process.env[NOTEBOOK_ENV] !== '1') return;
  throw usageError(
    'no-live-in-notebook',
    `\`quantai ${verb}\` sends orders, and a notebook does not: a cell may run twice, or out of order.`,
    'Give the command in a terminal; in a notebook, read what the session writes.',
  );
};
