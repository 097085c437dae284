import { UserError } from '../../errors.js';

/** Where in a journal something is wrong: the file, its line from 1, and the byte at which that line begins. */
export interface JournalPlace {
  readonly segment: string;
  readonly line: number;
  readonly byte: number;
}

/** What a user can do about damage. */
export const DAMAGE_FIX = 'Keep the folder as it is, and put a copy of that file back that was made while it was whole.';

/** A journal that is not what was written: it is neither mended nor used. Exit code 3. */
export class JournalDamage extends UserError {
  constructor(
    readonly place: JournalPlace,
    /** What is wrong there, without the place. */
    readonly fault: string,
  ) {
    super(
      'journal-damaged',
      `The journal is damaged in ${place.segment}, line ${place.line}, byte ${place.byte}: ${fault}.`,
      3,
      `Nothing was changed. ${DAMAGE_FIX}`,
    );
  }
}
