import { connect, createServer, type Socket } from 'node:net';

/** A wire to a server on loopback that can swallow what the server says, as a network does that broke. */
export interface Wire {
  readonly port: number;
  /** From the next statement on that holds this text the server's answers are swallowed, on that connection. */
  swallowAfter(text: string): void;
  close(): Promise<void>;
}

export const openWire = async (port: number): Promise<Wire> => {
  let sought: string | null = null;
  const sockets = new Set<Socket>();
  const server = createServer(client => {
    const upstream = connect(port, '127.0.0.1');
    let isDeaf = false;
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined).on('close', () => other.destroy());
    }
    client.on('data', chunk => {
      if (sought !== null && chunk.toString('latin1').includes(sought)) {
        isDeaf = true;
        sought = null;
      }
      upstream.write(chunk);
    });
    upstream.on('data', chunk => {
      if (!isDeaf) client.write(chunk);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    swallowAfter: text => (sought = text),
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
};
