import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { FaultBoard } from './fault-board.js';
import { faultyAnswer } from './faulty-answer.js';
import { faultyStream } from './faulty-stream.js';
import type { Front, SocketSession, StreamLabel, WireRequest } from './front.js';

/** The largest body that is read: a batch of five orders is far below. */
const LARGEST_BODY = 1_000_000;

const headersOf = (message: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );

/** Reads a message's body as text; rejects what is larger than any real request. */
export const bodyOf = async (message: IncomingMessage): Promise<string> => {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of message as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > LARGEST_BODY) throw new Error('The body is too large.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
};

/** Starts to listen on loopback; 0 takes a free port. */
export const listening = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

/** The venue's port: one front's requests and streams, through the faults. */
export interface WirePort {
  readonly port: number;
  /** Closes the open streams of an account, or of all, or those whose stream's name holds the text. Returns how many. */
  closeSockets(account: string | null, stream: string | null, code: number): number;
  close(): Promise<void>;
}

export interface WirePortOptions {
  readonly front: Front;
  readonly faults: FaultBoard;
  readonly port: number;
  /** Brings the market up to now. */
  readonly catchUp: () => void;
}

interface Connection {
  readonly socket: WebSocket;
  readonly session: SocketSession;
  readonly streams: Set<string>;
}

/** Opens it on 127.0.0.1. */
export const wirePort = async ({ front, faults, port, catchUp }: WirePortOptions): Promise<WirePort> => {
  const sockets = new Set<Socket>();
  const connections = new Set<Connection>();

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = message.url ?? '/';
    const cut = url.indexOf('?');
    const request: WireRequest = {
      method: message.method ?? 'GET',
      path: cut < 0 ? url : url.slice(0, cut),
      query: cut < 0 ? '' : url.slice(cut + 1),
      headers: headersOf(message),
      body: await bodyOf(message),
    };
    const answer = await faultyAnswer(
      {
        faults: each => faults.request(each, front.accountOf(each)),
        answer: each => {
          catchUp();
          return front.answer(each);
        },
        trouble: status => front.trouble(status),
      },
      request,
    );
    if (answer === null) {
      message.socket.destroy();
      return;
    }
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  };

  const server = createServer((message, response) => {
    if (faults.refuses()) {
      message.socket.destroy();
      return;
    }
    serve(message, response).catch((error: unknown) => {
      if (response.headersSent) return;
      response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(error instanceof Error ? error.message : 'failed');
    });
  });
  // Otherwise a client's kept connection is closed just as its next order leaves.
  server.keepAliveTimeout = 60_000;
  server.on('connection', socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.setNoDelay(true);
  });

  const upgrades = new WebSocketServer({ noServer: true, autoPong: false, perMessageDeflate: false });
  const connect = (socket: WebSocket, path: string, query: string): void => {
    const streams = new Set<string>();
    const stream = faultyStream({
      faults: label => faults.stream(label),
      send: text => {
        if (socket.readyState === socket.OPEN) socket.send(text);
      },
    });
    const label = (): StreamLabel => ({ stream: [...streams].join(' '), account: session?.account ?? null });
    const session = front.open({
      path,
      query,
      send: (text, which) => {
        streams.add(which.stream);
        stream.send(text, which);
      },
      reply: text => {
        if (socket.readyState === socket.OPEN && !faults.deaf(label())) socket.send(text);
      },
      close: (code, reason) => socket.close(code, reason),
    });
    if (session === null) {
      socket.close(1008, 'no such path');
      return;
    }
    const connection: Connection = { socket, session, streams };
    connections.add(connection);
    socket.on('message', data => {
      catchUp();
      session.receive(Buffer.isBuffer(data) ? data.toString('utf8') : '');
    });
    socket.on('ping', data => {
      if (!faults.deaf(label())) socket.pong(data);
    });
    // A client that goes away in the middle is none of the server's faults.
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      connections.delete(connection);
      stream.close();
      session.closed();
    });
  };
  server.on('upgrade', (message, socket, head) => {
    if (faults.refuses()) {
      socket.destroy();
      return;
    }
    const url = message.url ?? '/';
    const cut = url.indexOf('?');
    upgrades.handleUpgrade(message, socket, head, client =>
      connect(client, cut < 0 ? url : url.slice(0, cut), cut < 0 ? '' : url.slice(cut + 1)),
    );
  });

  const opened = await listening(server, port);
  return {
    port: opened,
    closeSockets: (account, stream, code) => {
      const chosen = [...connections].filter(
        each =>
          (account === null || each.session.account === account) &&
          (stream === null || [...each.streams].some(name => name.includes(stream))),
      );
      for (const { socket } of chosen)
        // 1006 is never sent: it is what the other side sees when a connection just ends.
        if (code === 1006) socket.terminate();
        else socket.close(code);
      return chosen.length;
    },
    close: () => {
      for (const { socket } of connections) socket.terminate();
      upgrades.close();
      return new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
    },
  };
};
