import { computed } from '@preact/signals';
import { account } from '../state/stream.js';
import { AlarmList } from './alarms.js';
import { Icon } from './icon.js';
import { Menu } from './menu.js';

const known = computed(() => JSON.stringify(account.value?.alarms ?? []));
const alarms = computed(() => JSON.parse(known.value) as NonNullable<typeof account.value>['alarms']);

/** How many alarms are in force; opens their list. */
export const AlarmMenu = () => {
  const count = alarms.value.length;
  const critical = alarms.value.some(alarm => alarm.critical);
  return (
    <Menu
      wide
      label={`${count} ${count === 1 ? 'alarm' : 'alarms'}`}
      sign={
        <span class={`button-text ${critical ? 'tone-alarm' : count > 0 ? 'tone-warn' : ''}`}>
          <Icon name="bell" />
          <span class="figure">{count}</span>
        </span>
      }
    >
      {() => (count === 0 ? <p class="muted">Nothing is wrong.</p> : <AlarmList alarms={alarms.value} />)}
    </Menu>
  );
};
