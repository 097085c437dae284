import type { LiveClock } from '../../live/live-clock.js';
import { VenueFailure } from '../../live/venue-transport.js';
import type { Random } from '../../random.js';
import { never, type Life } from './life.js';
import type { Tally } from './tally.js';
import type { VirtualTime } from './virtual-time.js';
import type { OutageKind, Weather } from './weather.js';

export interface WireOptions {
  readonly time: VirtualTime;
  readonly life: Life;
  readonly clock: LiveClock;
  readonly random: Random;
  readonly weather: Weather;
  readonly tally: Tally;
  readonly timeoutMs: number;
  readonly receiveWindowMs: number;
  /** Something that must never happen did. */
  readonly violate: (text: string) => void;
  /** A private request is sent; `isFirst`: it is the first one after a ban. */
  readonly onRequest: (name: string, isFirst: boolean) => void;
}

/** The requests of one process: each is sent once, may be lost on either way, and answers once or times out. */
export interface Wire {
  request<T>(name: string, isWrite: boolean, act: () => T): Promise<T>;
  /** One way through the network, ms. */
  latency(): number;
  /** Learn the venue's clock: what is added to this machine's wall time on requests from now on. */
  adjust(offset: number): void;
}

/** Requests that nobody signs: they carry no time of ours. */
const PUBLIC = new Set(['time', 'markets', 'bars', 'funding', 'funding-interval', 'trades']);
/** Ahead of the venue's clock by more than this a request is refused (Binance, "Timing security"). */
const AHEAD_MS = 1000;
/** Requests in a minute before the venue refuses more. */
const REQUESTS_A_MINUTE = 1200;

const vague = (name: string, code: string): VenueFailure => new VenueFailure('ambiguous', code, `${name}: no answer that says anything`);

const outageFailure = (name: string, kind: OutageKind, until: number): VenueFailure =>
  kind === 'dns'
    ? new VenueFailure('unavailable', 'dns', `${name}: the name of the venue does not resolve`)
    : kind === 'maintenance'
      ? new VenueFailure('unavailable', 'maintenance', `${name}: the venue is in maintenance`, until)
      : vague(name, kind);

export const wire = ({ time, life, clock, random, weather, tally, timeoutMs, receiveWindowMs, violate, onRequest }: WireOptions): Wire => {
  let offset = 0;
  let banKnown = -Infinity;
  let minute = -1;
  let inMinute = 0;
  const latency = (): number => weather.latencyMs * Math.exp(weather.latencySigma * random.normal());
  const happens = (rate: number, name: string): boolean => {
    if (rate <= 0 || random.next() >= rate) return false;
    tally.count(name);
    return true;
  };

  const request = <T>(name: string, isWrite: boolean, act: () => T): Promise<T> => {
    if (!life.pass(`send:${name}`)) return never();
    tally.count('requests');
    const sent = time.now;
    const stamp = clock.wall() + offset;
    if (sent < banKnown) violate(`${name} was sent during a ban`);
    else if (!PUBLIC.has(name)) {
      onRequest(name, banKnown > -Infinity);
      banKnown = -Infinity;
    }
    return new Promise<T>((resolve, reject) => {
      const answer = (at: number, settle: () => void): void => {
        life.deliver(at, () => {
          if (life.pass(`answer:${name}`)) settle();
        });
      };
      const fail = (at: number, failure: VenueFailure): void => {
        tally.count(`failure:${failure.kind}`);
        answer(at, () => reject(failure));
      };
      /** `till`: true time; the client is told it by its own clock, as that is when it hears of it. */
      const ban = (code: string, till: number): void => {
        tally.count('failure:limited');
        answer(out + latency(), () => {
          banKnown = till;
          reject(new VenueFailure('limited', code, `${name}: too many requests`, clock.wall() - time.now + till));
        });
      };
      /** Do it at the venue at `at`; its answer, unless nobody hears it, comes a way later. */
      const arrive = (at: number, heard: boolean): void => {
        time.at(at, () => {
          const venueNow = time.now + weather.venueSkewMs;
          const back = time.now + latency();
          if (!PUBLIC.has(name) && (stamp > venueNow + AHEAD_MS || venueNow - stamp > receiveWindowMs)) {
            tally.count('request:outside-window');
            if (heard) fail(back, new VenueFailure('clock', 'timestamp', `${name}: the timestamp is outside the receive window`));
            return;
          }
          let value: T;
          try {
            value = act();
          } catch (error) {
            if (!(error instanceof VenueFailure)) throw error;
            if (heard) fail(back, error);
            return;
          }
          if (!heard) tally.count(`lost-answer:${name}`);
          else answer(back, () => resolve(value));
        });
      };

      const out = sent + latency();
      const thisMinute = Math.floor(sent / 60_000);
      inMinute = thisMinute === minute ? inMinute + 1 : 1;
      minute = thisMinute;
      if (sent < weather.unreachableUntil) {
        tally.count('network:unreachable');
        fail(sent + timeoutMs, vague(name, 'timeout'));
      } else if (sent < weather.banUntil) {
        tally.count(`ban:${weather.banCode}`);
        ban(weather.banCode, weather.banUntil);
      } else if (inMinute > REQUESTS_A_MINUTE) {
        tally.count('ban:weight');
        ban('429', (thisMinute + 1) * 60_000);
      } else if (sent < weather.outageUntil) {
        tally.count(`outage:${weather.outage}`);
        // A gateway that fails may have passed the request on.
        if (isWrite && weather.outage === '5xx' && random.next() < 0.3) arrive(out, false);
        fail(out + latency(), outageFailure(name, weather.outage, clock.wall() - time.now + weather.outageUntil));
      } else if (isWrite && happens(weather.loseRequest, 'request:lost')) fail(sent + timeoutMs, vague(name, 'timeout'));
      else if (isWrite && happens(weather.loseAnswer, 'answer:lost')) {
        arrive(out, false);
        fail(sent + timeoutMs, vague(name, 'timeout'));
      } else if (isWrite && happens(weather.vagueAnswer, 'answer:vague')) {
        // Anything the venue may do with it, it may do for as long as the receive window.
        if (random.next() < 0.6) arrive(out + random.next() * (receiveWindowMs - 100), false);
        fail(out + latency(), vague(name, random.next() < 0.5 ? '503' : '-1007'));
      } else if (!isWrite && happens(weather.loseRead, 'read:lost')) fail(sent + timeoutMs, vague(name, 'timeout'));
      else if (happens(weather.slowRequest, 'request:slow')) {
        const at = sent + weather.slowMs * (0.5 + random.next());
        arrive(at, at + 200 < sent + timeoutMs);
        if (at + 200 >= sent + timeoutMs) fail(sent + timeoutMs, vague(name, 'timeout'));
      } else arrive(out, true);
      // The request is on its way whatever becomes of the process now.
      life.pass(`sent:${name}`);
    });
  };
  return {
    request,
    latency,
    adjust: value => {
      offset = value;
    },
  };
};
