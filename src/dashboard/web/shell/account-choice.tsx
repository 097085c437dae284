import { computed } from '@preact/signals';
import { Badge } from '../parts/badge.js';
import { SelectField } from '../parts/select-field.js';
import { setQuery } from '../state/route.js';
import { account, accountName, accounts } from '../state/stream.js';

const names = computed(() =>
  (accounts.value ?? []).map(({ account: name, mode, running }) => `${name}\t${mode}${running ? '' : ', stopped'}`).join('\n'),
);
const mode = computed(() => account.value?.mode ?? null);
const venue = computed(() => account.value?.venue ?? null);

/** Which account the pages show. */
export const AccountChoice = () => {
  if (accountName.value === null) return <span class="muted">No account</span>;
  const lines = names.value.split('\n').map(line => line.split('\t'));
  const known = lines.some(([name]) => name === accountName.value);
  return (
    <div class="account-choice">
      <SelectField
        bare
        label="Account"
        value={accountName.value}
        options={[
          ...(known ? [] : [{ value: accountName.value, text: accountName.value }]),
          ...lines.filter(([name]) => name !== '').map(([name = '', what = '']) => ({ value: name, text: `${name} (${what})` })),
        ]}
        onChange={value => setQuery({ account: value, symbol: null }, false)}
      />
      {venue.value === null ? null : <Badge tone={mode.value === 'live' ? 'accent' : 'neutral'}>{`${mode.value} · ${venue.value}`}</Badge>}
    </div>
  );
};
