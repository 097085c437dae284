import type { Channel } from '../../events/session.js';
import type { Symbol } from '../../market/instrument.js';
import type { LiveClock } from '../live-clock.js';
import type { VenueFailure } from '../venue-transport.js';
import type { AccountWord } from '../word.js';
import type { FeedConfig } from './feed-config.js';
import type { FeedCounters } from './feed-counters.js';

/** What a feed says about the data, as words for the journal. */
export interface FeedVoice {
  /** Counted each time; said once in a while for the same fault of the same channel. */
  quarantine(channel: Channel, symbol: Symbol | '', code: string, text: string): void;
  gap(channel: Channel, symbol: Symbol, from: number, to: number, recovered: number, code: string): void;
  connection(channel: Channel, symbol: Symbol, state: 'live' | 'stale' | 'degraded' | 'down', code: string, text: string): void;
  /** Requests for history fail, or (null) are answered again. */
  requests(failure: VenueFailure | null): void;
  note(text: string): void;
}

export const feedVoice = ({
  clock,
  config,
  counters,
  say,
}: {
  readonly clock: LiveClock;
  readonly config: Pick<FeedConfig, 'repeatSayingMs'>;
  readonly counters: FeedCounters;
  readonly say: (word: AccountWord) => void;
}): FeedVoice => {
  const said = new Map<string, { readonly at: number; unsaid: number }>();
  const connection: FeedVoice['connection'] = (channel, symbol, state, code, text) =>
    say({ type: 'ConnectionChanged', ts: clock.market(), channel, symbol, state, code, text });
  return {
    quarantine: (channel, symbol, code, text) => {
      counters.quarantined++;
      const key = `${channel} ${symbol} ${code}`;
      const last = said.get(key);
      const now = clock.market();
      if (last !== undefined && now - last.at < config.repeatSayingMs) {
        last.unsaid++;
        return;
      }
      const more = last !== undefined && last.unsaid > 0 ? ` ${last.unsaid} more of the kind were not said.` : '';
      said.set(key, { at: now, unsaid: 0 });
      say({ type: 'DataQuarantined', ts: now, channel, symbol, code, text: text + more });
    },
    gap: (channel, symbol, from, to, recovered, code) =>
      say({ type: 'GapFound', ts: clock.market(), channel, symbol, from, to, recovered, code }),
    connection,
    requests: failure =>
      failure === null
        ? connection('requests', '', 'live', 'answered', 'Requests for history are answered again.')
        : connection('requests', '', 'degraded', failure.code, failure.message),
    note: text => say({ type: 'NoteWritten', ts: clock.market(), text }),
  };
};
