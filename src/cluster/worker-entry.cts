import type { BatchMessage, BatchReply } from './worker-thread.js' with { 'resolution-mode': 'import' };

/**
 * What piscina loads in a worker. It is CommonJS because piscina tries `require` first, and on Node 20 a thread that is ended while it
 * `require`s an ES module takes the whole process down with it (a fatal error inside `InstantiateSync`); `import()` ends quietly.
 */
export = async (message: BatchMessage): Promise<BatchReply> => (await import('./worker-thread.js')).default(message);
