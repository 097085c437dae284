import { playTable } from './play-table.js';

// Seeds that once found what the first three do not: a stop of a stale session's own.
playTable([101, 107], ({ name }) => name === 'stale-paused');
