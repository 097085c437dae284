import { postgresRecords } from './postgres-records.js';
import type { QueuePlace } from './queue-place.js';
import type { QueueRecords } from './queue-records.js';
import { redisRecords } from './redis-records.js';
import { unreachable } from './unreachable.js';

/** The records of a queue in its own database. Rejects with a UserError when that does not answer or lets nobody in. */
export const openRecords = async (place: QueuePlace, queue: string): Promise<QueueRecords> => {
  try {
    return await (place.kind === 'postgres' ? postgresRecords : redisRecords)(place, queue);
  } catch (error) {
    throw unreachable(place, error);
  }
};
