import { UserError } from '../errors.js';
import type { RunConfig } from '../engine/run-config.js';
import type { Params } from '../engine/run-result.js';
import type { AuditLog } from '../promotion/audit/audit-log.js';
import type { AuditWord } from '../promotion/audit/audit-record.js';
import { newLineage } from '../promotion/lineage.js';
import { checkPins } from '../promotion/pins/check-pins.js';
import type { PinFault } from '../promotion/pins/pin-fault.js';
import type { ResolvedStrategy } from '../strategies/load.js';
import { formatTime } from '../time.js';
import { subjectOf } from './pinned-subject.js';
import { startProgress } from './progress.js';
import { changedFiles, isPins, promotedHere, type PromotedHere, type PromotionHere, type StartPlace } from './promoted-here.js';
import type { ChosenStrategy } from './session-strategies.js';
import type { Workspace } from './workspace.js';

/** Who asks to begin a session, and where. */
export interface StartContext extends StartPlace {
  readonly workspace: Workspace;
  readonly log: AuditLog;
  /** As the audit log names people. */
  readonly actor: string;
  /** Whether a bar may be drawn while a large dataset is compared. */
  readonly progress?: boolean;
}

/** A session that is put together and asks to begin. */
export interface StartRequest extends StartContext {
  readonly strategies: readonly ChosenStrategy[];
  readonly config: RunConfig;
}

/** One promoted strategy of a session. */
export interface PromotedStart {
  readonly strategy: string;
  readonly promotion: string;
  readonly stage: 'paper' | 'live';
  /** Full size, and the share of it that is traded now; settlement asset. */
  readonly size: number;
  readonly share: number;
  /** What the strategy may use: what --budget says, else size × share. */
  readonly capital: number;
}

/** What a session may begin as. */
export interface StartPermit {
  /** True where nothing is promoted: it is evidence for nothing. */
  readonly rehearsal: boolean;
  readonly promoted: readonly PromotedStart[];
}

/** Why one strategy may not begin. */
interface Refusal {
  readonly strategy: string;
  readonly code: string;
  readonly text: string;
  readonly fix: string;
  readonly faults: readonly PinFault[];
}

/** Rounding of a product: more than this above the approved size is more. */
const ROUNDING = 1e-9;

const refused = (strategy: string, code: string, text: string, fix: string, faults: readonly PinFault[] = []): Refusal => ({
  strategy,
  code,
  text,
  fix,
  faults,
});

const percent = (share: number): string => `${Number((share * 100).toPrecision(6))} %`;

/** Record what is refused, and throw it: the first fault in the sentence, the rest in lines below. */
const refuse = async (context: StartContext, refusals: readonly [Refusal, ...Refusal[]]): Promise<never> => {
  const { log, actor, mode, account, venue, practice } = context;
  const words = refusals.map(({ strategy, code, text, faults }): AuditWord => {
    const what = { strategy, code, text, faults };
    return { type: 'SessionRefused', mode, account, venue, practice, ...what };
  });
  await log.append(actor, words);
  const [{ code, fix }] = refusals;
  const sentences = refusals.flatMap(({ text, faults }) => [
    [text, ...faults.slice(0, 1).map(fault => fault.text)].join(' '),
    ...faults.slice(1).map(fault => `  ${fault.text}`),
  ]);
  throw new UserError(code, sentences.join('\n'), 4, fix);
};

const again = (strategy: string, mode: 'paper' | 'live'): string => `quantai promote ${strategy} --run RUN --to ${mode}`;

const differs = ({ state, place }: PromotionHere, { mode }: StartPlace, faults: readonly PinFault[]): Refusal =>
  refused(
    state.strategy,
    'pins-differ',
    `Promotion ${state.id}, ${mode === 'live' ? 'live' : 'on paper'} since ${formatTime(place.since)}, does not hold any more.`,
    `Put back what was promoted, or promote what there is now: ${again(state.strategy, 'paper')} …`,
    faults,
  );

/** Why a strategy that has no promotion here had one, and lost it; undefined where it never had. */
const takenBack = ({ records, promotions }: PromotedHere, start: StartPlace, strategy: string): Refusal | undefined => {
  const { mode, account, venue, practice } = start;
  const last = records.findLast(
    ({ word }) =>
      word.type === 'StageEntered' &&
      word.stage === mode &&
      word.account === account &&
      word.venue === venue &&
      word.practice === practice &&
      promotions.find(word.promotion)?.strategy === strategy,
  );
  if (last?.word.type !== 'StageEntered') return undefined;
  const { promotion } = last.word;
  const left = records.findLast(({ seq, word }) => seq > last.seq && word.type === 'StageLeft' && word.promotion === promotion);
  if (left?.word.type !== 'StageLeft') return undefined;
  return refused(
    strategy,
    left.word.to,
    `Promotion ${promotion} was ${left.word.to} by ${left.actor} at ${formatTime(left.at)}: ${left.word.text}`,
    `Promote it again with new evidence: ${again(strategy, 'paper')} …; or rehearse it on another account.`,
  );
};

const overSize = ({ state, place }: PromotionHere, { budget }: ChosenStrategy): Refusal =>
  refused(
    state.strategy,
    'over-size',
    `--budget ${budget} of ${state.strategy} is more than ${place.size * place.share}, which is ${percent(place.share)} of the approved ${place.size}.`,
    `Leave --budget out, or ask for the next step: quantai promote ${state.strategy} --ramp`,
  );

const judged = async (request: StartRequest, here: PromotionHere, chosen: ChosenStrategy): Promise<Refusal | PromotedStart> => {
  const { workspace, mode, config, progress = false } = request;
  const { state, place, folder } = here;
  const subject = await subjectOf(workspace, chosen.resolved, chosen.params, config);
  const bar = await startProgress({ progress }, `${state.id}: comparing its data`, 1, 'bytes');
  const onProgress = (done: number, total: number): void => bar.update(done, undefined, total);
  const faults = await checkPins({ root: workspace.root, folder, recorded: state.pins, onProgress }, subject).finally(() => bar.stop());
  if (faults.length > 0) return differs(here, request, faults);
  const capital = place.size * place.share;
  if (mode === 'live' && chosen.isBudgetSaid && chosen.budget > capital * (1 + ROUNDING)) return overSize(here, chosen);
  return {
    strategy: state.strategy,
    promotion: state.id,
    stage: mode,
    size: place.size,
    share: place.share,
    capital: chosen.isBudgetSaid ? chosen.budget : capital,
  };
};

/** Strategies that are not promoted, beside some that are or alone, where real money is at stake. */
const strangers = (request: StartRequest, names: readonly string[], promoted: readonly string[]): readonly Refusal[] => {
  const { account, venue } = request;
  return names.map(name =>
    promoted.length === 0
      ? refused(
          name,
          'not-promoted',
          `${name} is not promoted to live with ${account} on ${venue}: nothing trades money there without.`,
          `Promote it: ${again(name, 'paper')} …; or rehearse with --venue practice or --sandbox.`,
        )
      : refused(
          name,
          'not-promoted',
          `${name} is not promoted to live with ${account} on ${venue}, and ${promoted.join(', ')} beside it is.`,
          `Leave ${name} out, or promote it too: ${again(name, 'paper')} …`,
        ),
  );
};

/**
 * Lets a session begin or refuses it; before anything is sent. A promoted strategy begins with exactly what was promoted, and live with no more than the approved share. On a venue's own market live trades promoted
 * strategies only; anywhere else a session with an unpromoted one is a rehearsal. New data and new models of the same recipe are no hindrance and are recorded. Throws a `UserError` with exit code 4 that names every fault,
 * after recording the refusal.
 */
const startGate = async (request: StartRequest): Promise<StartPermit> => {
  const { workspace, log, actor, mode, practice, sandbox, strategies } = request;
  const here = await promotedHere(workspace, await log.read(), request);
  const isReal = mode === 'live' && !practice && !sandbox;
  const known = strategies.map(chosen => ({ chosen, promotion: here.of(chosen.resolved) }));
  const others = known.flatMap(({ chosen, promotion }) => (promotion === undefined ? [chosen.name] : []));
  const lost = sandbox ? [] : others.flatMap(name => takenBack(here, request, name) ?? []);
  const wanted = known.flatMap(({ chosen, promotion }) => (promotion === undefined ? [] : [{ chosen, promotion }]));
  const isStrange = (name: string): boolean => !lost.some(({ strategy }) => strategy === name);
  const names = wanted.map(({ promotion }) => promotion.state.strategy);
  const refusals: Refusal[] = [...lost, ...(isReal ? strangers(request, others.filter(isStrange), names) : [])];
  const isRehearsal = others.length > 0 || strategies.length === 0;
  const promoted: PromotedStart[] = [];
  // A rehearsal stands for no promotion, so none is compared.
  if (!isRehearsal || isReal)
    for (const { chosen, promotion } of wanted) {
      const found = await judged(request, promotion, chosen);
      if ('faults' in found) refusals.push(found);
      else promoted.push(found);
    }
  const [first, ...rest] = refusals;
  if (first) return refuse(request, [first, ...rest]);
  if (isRehearsal) return { rehearsal: true, promoted: [] };
  for (const { promotion } of wanted) {
    const { pins, state } = promotion;
    if (!isPins(pins)) continue;
    const words = await newLineage(state.id, pins, here.records, workspace.root);
    if (words.length > 0) await log.append(actor, words);
  }
  return { rehearsal: false, promoted };
};

/** What to throw when a session's strategies could not even be loaded: a refusal that names the files, when one is promoted here and its files are not what was promoted; else the error itself. */
const refusedInstead = async (context: StartContext, here: PromotedHere, error: unknown): Promise<unknown> => {
  const refusals: Refusal[] = [];
  for (const each of here.all) {
    const faults = isPins(each.pins) ? await changedFiles(context.workspace, each.pins) : [each.pins];
    if (faults.length > 0) refusals.push(differs(each, context, faults));
  }
  const [first, ...rest] = refusals;
  return first === undefined ? error : refuse(context, [first, ...rest]).catch((refusal: unknown) => refusal);
};

/** Where a session asks on its way to the start. */
export interface StartDesk {
  /** Parameters that a strategy is promoted with here: what it trades with when nobody says others. */
  readonly promoted: (strategy: ResolvedStrategy) => Params | undefined;
  /** What to throw when the strategies cannot be loaded: a refusal (exit code 4) when a promoted one has other files now, since a changed byte may be a mistake in its code too. */
  readonly instead: (error: unknown) => Promise<unknown>;
  /** See `startGate`. */
  readonly admit: (plan: { readonly strategies: readonly ChosenStrategy[]; readonly config: RunConfig }) => Promise<StartPermit>;
}

/** What a session asks before it begins, from its strategies' parameters to its permit. Throws what the audit log throws when it is not what was written. */
export const startDesk = async (context: StartContext): Promise<StartDesk> => {
  const here = await promotedHere(context.workspace, await context.log.read(), context);
  return {
    promoted: strategy => here.params(strategy),
    instead: error => refusedInstead(context, here, error),
    admit: ({ strategies, config }) => startGate({ ...context, strategies, config }),
  };
};
