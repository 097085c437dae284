import type { Fact } from '../../events/fact.js';
import type { CausalLink, Cause, MarketDatum } from '../../journal/causal-chain.js';
import { timeframeMs } from '../../market/timeframe.js';
import { formatTime } from '../../time.js';
import { factSentence, type UnitsOf } from './fact-sentence.js';

/** One step on the way from a bar to a fill. */
export interface CausalStep {
  /** `bar`, `indicators`, `forecast`, `models`, `signal`, `target`, `plan`, `request`, `gate`, `order`, `fill`, `risk`, `venue`, `person`… */
  readonly stage: string;
  /** Of the fact in its stream; null for a market datum and for what was worked out from one. */
  readonly seq: number | null;
  /** Where the fact is of another stream than what is explained: its name. */
  readonly stream?: string;
  readonly ts: number;
  readonly text: string;
  /** What it followed from: a fact by its seq, or null where that is the step before or nothing. */
  readonly from: number | null;
}

const datumText = (datum: MarketDatum): string => {
  if (datum.kind === 'moment') return `something that the market of ${datum.symbol ?? 'the account'} showed at ${formatTime(datum.ts)}`;
  const { symbol, timeframe, openTime, late } = datum;
  return `the ${timeframe} bar${symbol === null ? '' : ` of ${symbol}`} from ${formatTime(openTime)} to ${formatTime(openTime + timeframeMs(timeframe))}${late > 0 ? `, heard ${late} ms after its close` : ''}`;
};

const upper = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const OUTSIDE: Readonly<Record<string, string>> = {
  liquidation: 'the venue closed it for want of margin',
  adl: 'the venue reduced the position (auto-deleveraging)',
  settlement: 'the venue settled the contract',
  manual: 'somebody traded by hand on the account',
  funding: 'the venue settled funding',
  'end-of-data': 'the data ended, and the run closes what is held then',
  begun: 'the run began',
  finished: 'the data ended',
  command: 'a person said so',
  unprotected: 'nothing at the venue protected the position',
  closing: 'the broker closes the position',
};

const rootOf = (cause: Cause, { ts, strategy: stream }: Fact, unitsOf: UnitsOf): CausalStep | null => {
  switch (cause.kind) {
    case 'bar':
      return {
        stage: 'bar',
        seq: null,
        ts: cause.openTime + timeframeMs(cause.timeframe),
        text: `${upper(datumText(cause))}.`,
        from: null,
      };
    case 'moment':
      return { stage: 'market', seq: null, ts, text: `${upper(datumText(cause))}.`, from: null };
    case 'missing':
      return { stage: 'missing', seq: null, ts, text: `The journal does not say: ${cause.text}.`, from: null };
    case 'outside': {
      if (cause.fact !== null) {
        const { text } = factSentence(cause.fact, unitsOf);
        const { strategy, seq, ts: at } = cause.fact;
        return {
          stage: cause.who,
          seq,
          ...(strategy !== stream && { stream: strategy === '' ? 'account' : strategy }),
          ts: at,
          text,
          from: null,
        };
      }
      return { stage: cause.who, seq: null, ts, text: `${upper(OUTSIDE[cause.code] ?? cause.code)}.`, from: null };
    }
    case 'fact':
      return null;
  }
};

/** A chain as steps, oldest first: what it began with, and each fact with what it says and what it followed from. */
export const causalSteps = (chain: readonly CausalLink[], unitsOf: UnitsOf): CausalStep[] =>
  chain.flatMap(({ fact, from }) => {
    const root = rootOf(from, fact, unitsOf);
    const { stage, text } = factSentence(fact, unitsOf);
    const when = from.kind === 'fact' && from.when !== null ? ` It was time for it at ${datumText(from.when)}.` : '';
    const step: CausalStep = { stage, seq: fact.seq, ts: fact.ts, text: `${text}${when}`, from: from.kind === 'fact' ? from.seq : null };
    return root === null ? [step] : [root, step];
  });
