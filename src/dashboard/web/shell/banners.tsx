import { computed } from '@preact/signals';
import { span } from '../parts/figures.js';
import { account } from '../state/stream.js';
import { dataNow } from './connection-state.js';

const kind = computed(() => {
  const it = account.value;
  if (it === null) return null;
  return it.practice ? 'practice' : it.sandbox ? 'sandbox' : it.rehearsal === true ? 'rehearsal' : null;
});
const notice = computed(() => account.value?.notice ?? null);

const TEXTS = {
  practice: ['PRACTICE', 'Prices are generated on this computer; no money is at stake.'],
  sandbox: ['SANDBOX', "The venue's test network; no money is at stake."],
  rehearsal: ['REHEARSAL', 'This session has no promotion behind it.'],
} as const;

/** What nobody may overlook: that money is not real, that figures are old, that a session is not running. */
export const Banners = () => {
  const { state, forMs } = dataNow.value;
  return (
    <>
      {kind.value === null ? null : (
        <div class="banner" role="note">
          <b>{TEXTS[kind.value][0]}</b>
          <span>{TEXTS[kind.value][1]}</span>
        </div>
      )}
      {state !== 'cut' || forMs < 3000 ? null : (
        <div class="banner banner-alarm" role="alert">
          <b>DISCONNECTED</b>
          <span>
            What is shown is {span(Math.floor(forMs / 1000) * 1000)} old. The page comes back by itself when the server does; a session
            needs neither and trades on.
          </span>
        </div>
      )}
      {notice.value === null ? null : (
        <div class="banner banner-old" role="note">
          <b>NO SESSION</b>
          <span>{notice.value} What is shown is what its journal said last.</span>
        </div>
      )}
    </>
  );
};
