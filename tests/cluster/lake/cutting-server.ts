import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the server treats one request: sends so many bytes of the answer and breaks off, or answers with a status. */
export type Mood = { readonly cutAfter: number } | { readonly status: number } | 'well' | 'silent' | 'without ranges';

/** A server of parts on a bad line: what it does with its first, second… request is scripted, and it counts what it sends. */
export const cuttingServer = async (parts: ReadonlyMap<string, Uint8Array>, moods: readonly Mood[]) => {
  const requests: string[] = [];
  let sent = 0;
  let next = 0;
  const pieceOf = (request: IncomingMessage, all: Uint8Array, mood: Mood): { readonly first: number; readonly piece: Uint8Array } => {
    const first = mood === 'without ranges' ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    return { first, piece: all.subarray(first) };
  };
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.headers.range ?? 'whole'}`);
    const mood = moods[next] ?? 'well';
    next += 1;
    const all = parts.get(request.url?.split('/').at(-1) ?? '');
    if (mood === 'silent') return;
    if (typeof mood === 'object' && 'status' in mood) {
      response.writeHead(mood.status).end();
      return;
    }
    if (all === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { first, piece } = pieceOf(request, all, mood);
    response.writeHead(first === 0 ? 200 : 206, {
      'content-length': piece.length,
      ...(first === 0 ? {} : { 'content-range': `bytes ${first}-${all.length - 1}/${all.length}` }),
    });
    if (typeof mood === 'object') {
      sent += mood.cutAfter;
      response.write(piece.subarray(0, mood.cutAfter), () => setTimeout(() => response.destroy(), 20));
      return;
    }
    sent += piece.length;
    response.end(piece);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sent: () => sent,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
