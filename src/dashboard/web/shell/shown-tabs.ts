import { computed } from '@preact/signals';
import { me } from '../state/api.js';
import { TABS } from '../tabs.js';

/** Pages that stand in the navigation: without those of what this server does not have. */
export const shownTabs = computed(() => TABS.filter(({ needs }) => needs === undefined || me.value?.[needs] === true));
