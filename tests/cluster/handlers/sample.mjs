// A job handler that does as its payload says.
import { randomUUID } from 'node:crypto';
import { threadId } from 'node:worker_threads';

const seen = new WeakSet();

export const handle = async (payload, shared) => {
  // A job with children says what to do with them in its own payload.
  if (payload.payload !== undefined) {
    const { payload: own, children } = payload;
    if (own.do === 'throw') throw new RangeError('no such total');
    return own.do === 'list' ? children : children.reduce((sum, x) => sum + x, own.x ?? 0);
  }
  switch (payload.do) {
    case 'square':
      return payload.x * payload.x;
    case 'spin': {
      const end = performance.now() + payload.ms;
      while (performance.now() < end);
      return payload.x;
    }
    case 'wait':
      await new Promise(resolve => setTimeout(resolve, payload.ms));
      return payload.x;
    case 'throw':
      throw new RangeError('no such price');
    case 'throw-late':
      await new Promise(resolve => setTimeout(resolve, payload.ms));
      throw new RangeError('too late');
    case 'token':
      return randomUUID();
    case 'mistake':
      throw Object.assign(new Error('there is no data'), { name: 'UserError', code: 'no-data', exitCode: 3, fix: 'Import some.' });
    case 'shared': {
      const fresh = !seen.has(shared);
      seen.add(shared);
      return {
        sum: shared.column.reduce((a, b) => a + b, 0),
        fresh,
        thread: threadId,
        isShared: shared.column.buffer instanceof SharedArrayBuffer,
      };
    }
    case 'crash':
      process.exit(7);
  }
};
