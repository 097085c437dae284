import { describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../../../src/dashboard/api/endpoints.js';
import { ROUTES, type EndpointName } from '../../../src/dashboard/api/routes.js';
import { openApiDocument } from '../../../src/dashboard/server/openapi.js';
import { sampleRequest } from './sample-requests.js';
import { testServer } from './test-server.js';

interface Operation {
  readonly operationId: string;
  readonly security: readonly unknown[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: object } } };
  readonly responses: Readonly<Record<string, unknown>>;
}
const document = openApiDocument('1.2.3') as { openapi: string; paths: Record<string, Record<string, Operation>> };
const NAMES = Object.keys(ENDPOINTS) as EndpointName[];

describe('the OpenAPI document', () => {
  it.each(NAMES)('has %s, with its words, its body and who may ask', name => {
    const [method = '', path = ''] = ROUTES[name].split(' ');
    const operation = document.paths[path.replace(/:(\w+)/g, '{$1}')]![method.toLowerCase()]!;
    expect(operation.operationId).toBe(name);
    expect(operation.parameters.filter(each => each.in === 'path').map(each => each.name)).toEqual(
      [...path.matchAll(/:(\w+)/g)].map(match => match[1]),
    );
    expect(operation.security.length === 0).toBe(ENDPOINTS[name].roles === 'public');
    expect(operation.requestBody !== undefined).toBe(sampleRequest(name).body !== undefined);
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['200', '400', '401', '403', '404', '409', '429']));
  });

  it('has nothing else but the stream, and no reference that leads nowhere', () => {
    const operations = Object.values(document.paths).flatMap(path => Object.values(path).map(each => each.operationId));
    expect(operations.sort()).toEqual([...NAMES, 'stream'].sort());
    const text = JSON.stringify(document);
    expect(document.openapi).toBe('3.1.0');
    expect(new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(match => match[1]))).toEqual(new Set(['#/components/schemas/Problem']));
  });

  it('is what the server gives', async () => {
    const server = await testServer();
    const answer = await server.send(await server.enter('owner'), 'GET', '/api/v1/openapi.json');
    expect(Object.keys(answer.json<typeof document>().paths)).toEqual(Object.keys(document.paths));
    await server.close();
  });
});
