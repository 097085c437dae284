import { existsSync } from 'node:fs';
import { didYouMean, UserError, usageError } from '../errors.js';
import type { AuditedPlace } from '../promotion/audit/audit-record.js';
import { keepPromotion } from '../promotion/promotion-folder.js';
import type { PromotionState } from '../promotion/promotion-state.js';
import { foldPromotions, type Promotions } from '../promotion/stages.js';
import { resolveStrategy } from '../strategies/load.js';
import { makePins } from './make-pins.js';
import { appendLegal, movingStages, type PromoteContext } from './promote-context.js';
import type { PromoteArguments } from './promote.js';
import { say } from './terminal.js';

/** The promotion that is meant: by id, by its strategy's name, or by the file that the strategy is in. */
export const meant = async (
  { workspace }: PromoteContext,
  promotions: Promotions,
  word: string,
  wish: (state: PromotionState) => boolean = () => true,
): Promise<PromotionState> => {
  const isFile = word.endsWith('.ts') && existsSync(word);
  const name = isFile ? (await resolveStrategy(word, { cacheDir: workspace.bundles })).strategy.name : word;
  const found =
    promotions.all.find(({ id }) => id === name) ??
    promotions.all.findLast(each => each.strategy === name && wish(each)) ??
    promotions.find(name);
  if (found) return found;
  const known = promotions.all.flatMap(({ id, strategy }) => [id, strategy]);
  throw usageError(
    'unknown-promotion',
    `${word} was never promoted.${didYouMean(word, known)}`,
    'Begin with: quantai promote STRATEGY --run RUN --to paper --venue practice',
  );
};

/** The account that is named, else the usual one. */
export const accountOf = (args: PromoteArguments, byDefault: string): string => {
  const account = args.account ?? byDefault;
  if (!/^[a-zA-Z0-9_-]{1,40}$/.test(account))
    throw usageError('bad-account', `"${account}" is no name for an account.`, 'Use up to 40 letters, digits, dashes and underscores.');
  return account;
};

/** Bind what there is now, keep it, and name it a candidate where it is new. */
export const candidate = async (
  context: PromoteContext,
  args: PromoteArguments,
): Promise<{ readonly state: PromotionState; readonly place: AuditedPlace; readonly capital: number }> => {
  const { workspace, log, actor } = context;
  if (args.run === undefined)
    throw usageError('which-run', 'No run is named that it is promoted on.', 'Say --run RUN: quantai runs lists them; it needs evidence.');
  const { to: _, ...options } = args;
  const made = await makePins({
    workspace,
    strategy: args.strategy ?? '',
    args: options,
    venue: args.venue ?? 'binanceusdm',
    run: args.run,
  });
  await keepPromotion(workspace.root, made.id, made.files);
  const { name } = made.pins.strategy;
  const state = await movingStages(context, async records => {
    const known = foldPromotions(records).all.find(({ id }) => id === made.id);
    if (known) return known;
    const named = await appendLegal({ log, actor }, records, [
      { type: 'CandidateNamed', promotion: made.id, strategy: name, run: made.run.runId, pins: made.hash },
    ]);
    return foldPromotions([...records, ...named]).find(made.id)!;
  });
  if (state.stage === 'retired')
    throw new UserError(
      'retired',
      `${state.id} was retired.`,
      4,
      'What was retired stays so: promote another version, or the evidence of another run.',
    );
  if (made.pins.expectation === null)
    say(
      `note: run ${made.run.runId} has too few days out of sample to say what is to be expected; nothing will watch over it, and it cannot go live.`,
    );
  const { venue, practice } = made.place;
  return { state, place: { account: accountOf(args, 'paper'), venue, practice }, capital: made.config.capital };
};
