import { dirname, join, resolve } from 'node:path';
import type { Params } from '../engine/run-result.js';
import { UserError } from '../errors.js';
import type { AuditRecord } from '../promotion/audit/audit-record.js';
import { authorityFault } from '../promotion/audit/authority-fault.js';
import { readPins } from '../promotion/pins/check-pins.js';
import { checkStrategy } from '../promotion/pins/check-strategy.js';
import { fileHash } from '../promotion/pins/file-hash.js';
import type { PinFault } from '../promotion/pins/pin-fault.js';
import type { Pins } from '../promotion/pins/pins.js';
import { promotionFolder } from '../promotion/promotion-folder.js';
import type { PromotedPlace, PromotionState } from '../promotion/promotion-state.js';
import { foldPromotions, type Promotions } from '../promotion/stages.js';
import type { ResolvedStrategy } from '../strategies/load.js';
import type { Workspace } from './workspace.js';

/** Where a session would trade. */
export interface StartPlace {
  readonly mode: 'paper' | 'live';
  readonly account: string;
  /** As the connection names it: on practice the venue that is played. */
  readonly venue: string;
  readonly practice: boolean;
  /** A venue's testnet is no place of a promotion. */
  readonly sandbox: boolean;
}

/** One promotion that has this place. `pins` is the fault instead where they are not what was promoted. */
export interface PromotionHere {
  readonly state: PromotionState;
  readonly place: PromotedPlace;
  readonly folder: string;
  readonly pins: Pins | PinFault;
}

/** What is promoted to a place. */
export interface PromotedHere {
  readonly records: readonly AuditRecord[];
  readonly promotions: Promotions;
  readonly all: readonly PromotionHere[];
  /** The promotion of a strategy: by its name, or by the file that was promoted. */
  of(strategy: ResolvedStrategy): PromotionHere | undefined;
  /** Parameters that a strategy was promoted with. */
  params(strategy: ResolvedStrategy): Params | undefined;
}

export const isPins = (pins: Pins | PinFault): pins is Pins => 'version' in pins;

/** Which promotions have a place, by the records of the audit log. Throws a `UserError` (exit code 4) for a log that cannot be. */
export const promotedHere = async (
  workspace: Pick<Workspace, 'root'>,
  records: readonly AuditRecord[],
  { mode, account, venue, practice, sandbox }: StartPlace,
): Promise<PromotedHere> => {
  const promotions = foldPromotions(records);
  // The workspace's own key signs whatever is written; an approval is worth what its author's key says.
  const fault = authorityFault(records);
  if (fault !== null)
    throw new UserError(
      'broken-audit-log',
      `Record ${fault.seq} of the audit log is none that could be: ${fault.reason}.`,
      4,
      'Nobody is promoted by such a log. Look at it with: quantai audit verify.',
    );
  const found = promotions.all.flatMap(state => {
    const place = state.places[mode];
    const isHere = !sandbox && place?.account === account && place.venue === venue && place.practice === practice;
    return isHere ? [{ state, place }] : [];
  });
  const all = await Promise.all(
    found.map(async ({ state, place }): Promise<PromotionHere> => {
      const folder = promotionFolder(workspace.root, state.id);
      return { state, place, folder, pins: await readPins({ folder, recorded: state.pins }) };
    }),
  );
  const fileOf = ({ pins }: PromotionHere): string | null =>
    isPins(pins) && pins.strategy.entry !== null ? resolve(workspace.root, pins.strategy.entry) : null;
  const of: PromotedHere['of'] = ({ strategy, file }) =>
    all.find(({ state }) => state.strategy === strategy.name) ?? all.find(each => file !== null && fileOf(each) === file);
  return {
    records,
    promotions,
    all,
    of,
    params: strategy => {
      const pins = of(strategy)?.pins;
      return pins !== undefined && isPins(pins) ? pins.strategy.params : undefined;
    },
  };
};

/** Files of a promoted strategy that are not as they were, read without loading it: a file with a changed byte may not load at all. */
export const changedFiles = async ({ root }: Pick<Workspace, 'root'>, pins: Pins): Promise<readonly PinFault[]> => {
  const { entry, files, ...same } = pins.strategy;
  if (entry === null) return [];
  const folder = dirname(resolve(root, entry));
  const now = await Promise.all(files.map(async ({ path }) => ({ path, sha256: (await fileHash(join(folder, path))) ?? 'missing' })));
  return checkStrategy(pins.strategy, { ...same, entry, files: now });
};
