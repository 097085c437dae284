import type { PromotionLine } from '../../api/promotion-api.js';
import type { BodyOf } from '../../api/endpoints.js';

export type Change = BodyOf<'promotions.change'>;
export type ChangeKind = Change['change'];

/** The form of a change as it is typed. */
export interface ChangeDraft {
  readonly change: ChangeKind;
  readonly strategy: string;
  readonly run: string;
  readonly account: string;
  readonly venue: string;
  readonly symbols: string;
  readonly timeframe: string;
  readonly size: string;
  readonly reason: string;
  readonly passphrase: string;
  /** The sentence that the server wants, once it has named it, and what was typed of it. */
  readonly typed: string;
}

/** Where a change begins: with what the promotion says already. */
export const draftOf = (change: ChangeKind, line: PromotionLine | null): ChangeDraft => ({
  change,
  strategy: line?.strategy ?? '',
  run: line?.run ?? '',
  account: line?.live?.account ?? line?.paper?.account ?? (change === 'live' ? 'main' : 'paper'),
  venue: line?.live?.venue ?? line?.paper?.venue ?? 'practice',
  symbols: '',
  timeframe: '',
  size: line?.live === null || line === null ? '' : String(line.live.size),
  reason: '',
  passphrase: '',
  typed: '',
});

/** Which fields a change has. */
export const changeFields = (change: ChangeKind): ReadonlySet<keyof ChangeDraft> =>
  new Set<keyof ChangeDraft>(
    change === 'paper'
      ? ['strategy', 'run', 'account', 'venue', 'symbols', 'timeframe', 'passphrase']
      : change === 'live'
        ? ['account', 'venue', 'size', 'passphrase']
        : change === 'ramp'
          ? ['passphrase']
          : ['reason'],
  );

const NAME = /^\w[\w.@-]*$/;

/** What is wrong with the fields, by field; empty where the change can be asked for. */
export const changeFaults = (draft: ChangeDraft): Readonly<Partial<Record<keyof ChangeDraft, string>>> => {
  const fields = changeFields(draft.change);
  const faults: Partial<Record<keyof ChangeDraft, string>> = {};
  if (fields.has('strategy') && !/^[\w./-]+$/.test(draft.strategy)) faults.strategy = 'Name of a strategy, or path of its file';
  if (fields.has('run') && !NAME.test(draft.run)) faults.run = 'Choose the run that speaks for it';
  if (fields.has('account') && !NAME.test(draft.account)) faults.account = 'Name of an account';
  if (fields.has('venue') && !NAME.test(draft.venue)) faults.venue = 'Name of a venue';
  if (fields.has('timeframe') && draft.timeframe !== '' && !/^\d+[smhdw]$/.test(draft.timeframe)) faults.timeframe = 'Like 1h';
  if (fields.has('size') && !(Number(draft.size) > 0)) faults.size = 'An amount above 0';
  if (fields.has('reason') && draft.reason.trim() === '') faults.reason = 'Say why';
  return faults;
};

/** The change as it is asked for. What was left empty is left out; the passphrase is sent and kept nowhere. */
export const changeBody = (draft: ChangeDraft): Change => {
  const secret = draft.passphrase === '' ? {} : { passphrase: draft.passphrase };
  const confirm = draft.typed.trim() === '' ? {} : { confirm: draft.typed.trim().replace(/\s+/g, ' ') };
  const { change, strategy } = draft;
  switch (change) {
    case 'paper':
      return {
        change,
        strategy,
        run: draft.run,
        account: draft.account,
        venue: draft.venue,
        symbols: draft.symbols
          .split(/[\s,]+/)
          .map(symbol => symbol.trim())
          .filter(symbol => symbol !== ''),
        ...(draft.timeframe !== '' && { timeframe: draft.timeframe }),
        ...secret,
      };
    case 'live':
      return { change, strategy, account: draft.account, venue: draft.venue, size: Number(draft.size), ...confirm, ...secret };
    case 'ramp':
      return { change, strategy, ...confirm, ...secret };
    case 'demote':
    case 'retire':
      return { change, strategy, reason: draft.reason.trim() };
  }
};

export const CHANGE_WORDS: Readonly<Record<ChangeKind, { readonly title: string; readonly button: string; readonly text: string }>> = {
  paper: {
    title: 'Promote to paper',
    button: 'Promote to paper',
    text: 'Gates are judged on the run. Strategy, parameters, platform and data are pinned: a session begins only with exactly these.',
  },
  live: {
    title: 'Ask for live',
    button: 'Ask for live',
    text: 'Gates are judged on the days on paper. Another person has to approve before money is traded; it begins on the first step of the ramp.',
  },
  ramp: {
    title: 'Ask for the next step',
    button: 'Next step',
    text: 'A larger share of the approved size. It has gates of its own, and its own approval.',
  },
  demote: { title: 'Demote', button: 'Demote', text: 'Takes it off its stage at once. It starts from paper again, by all of the gates.' },
  retire: {
    title: 'Retire for good',
    button: 'Retire',
    text: 'It opens nothing more, and never comes back. What comes after is another promotion.',
  },
};
