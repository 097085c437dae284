import { computed } from '@preact/signals';
import { span } from '../parts/figures.js';
import { now } from '../state/now.js';
import { account, connection, cutAt, heardAt } from '../state/stream.js';
import { dataState } from './data-age.js';

const isRunning = computed(() => account.value?.running ?? false);
/** To the second: what stands in the bar does not change with every message. */
const secondHeard = computed(() => Math.floor(heardAt.value / 1000) * 1000);
export const dataNow = computed(() =>
  dataState({ connection: connection.value, isRunning: isRunning.value, heardAt: secondHeard.value, cutAt: cutAt.value, now: now.value }),
);

/** Whether figures are live, and if not, since when. */
export const ConnectionState = () => {
  const { state, forMs } = dataNow.value;
  const seconds = Math.floor(forMs / 1000) * 1000;
  const words =
    state === 'live'
      ? 'Live'
      : state === 'connecting'
        ? 'Connecting'
        : state === 'cut'
          ? `Reconnecting, ${span(seconds)}`
          : `No data for ${span(seconds)}`;
  return (
    <span class="connection" role="status" title={words}>
      <span class={`dot dot-${state}`} />
      <span class="words">{words}</span>
      <span class="unseen">{state === 'cut' ? 'The way to the server is cut.' : ''}</span>
    </span>
  );
};
