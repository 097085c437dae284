import { computed } from '@preact/signals';
import { utc } from '../parts/figures.js';
import { account } from '../state/stream.js';

const time = computed(() => utc(account.value?.marketTime ?? null));

/** Market time of the account, UTC: in practice it runs faster than this computer's clock. */
export const MarketClock = () => (
  <span class="clock" title="Market time of this account">
    {time.value === '–' ? '' : `${time.value} UTC`}
  </span>
);
