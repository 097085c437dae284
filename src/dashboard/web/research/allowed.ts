import type { Me } from '../../api/me-api.js';
import { me } from '../state/api.js';

type Role = Me['roles'][number];

const LIST = new Intl.ListFormat('en', { type: 'disjunction' });

/** Whether one of these roles is ours. What the server refuses anyway is not offered. */
export const isAllowed = (...roles: readonly Role[]): boolean => me.value?.roles.some(role => roles.includes(role)) === true;

/** Why a button is off: undefined where one of the roles is ours. */
export const notAllowed = (...roles: readonly Role[]): string | undefined =>
  isAllowed(...roles) ? undefined : `For ${LIST.format(roles.map(role => `${role}s`))} only.`;
