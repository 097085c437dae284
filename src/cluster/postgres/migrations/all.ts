import { registry } from './0001-registry.js';
import type { Migration } from './migration.js';

/** Every step, in order. */
export const MIGRATIONS: readonly Migration[] = [registry];
