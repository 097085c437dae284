import { computed } from '@preact/signals';
import { account } from '../state/stream.js';
import { addressOf } from '../state/route.js';

const risk = computed(() => account.value?.risk ?? null);
const isReady = computed(() => account.value?.ready ?? false);
const isRunning = computed(() => account.value?.running ?? false);
const because = computed(() => account.value?.because ?? account.value?.riskText ?? null);

/** Where the risk state machine stands, and whether the session is ready to trade, or why not. Leads to the Risk page. */
export const StatePill = () => {
  if (risk.value === null) return null;
  // A word that has no room is not shown: never a "not" alone.
  const words = !isRunning.value ? 'not\u00a0running' : isReady.value ? 'ready' : (because.value ?? 'not\u00a0ready');
  return (
    <a class={`pill pill-${isRunning.value ? risk.value : 'off'}`} href={addressOf('/risk')} title={because.value ?? words}>
      {isRunning.value ? risk.value : 'STOPPED'} <span class="why">{words}</span>
    </a>
  );
};
