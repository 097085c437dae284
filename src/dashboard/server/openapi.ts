import { z } from 'zod';
import { ENDPOINTS } from '../api/endpoints.js';
import { API_ROOT, ROUTES, type EndpointName } from '../api/routes.js';
import { Problem } from '../api/shapes.js';
import { StreamQuery } from './stream-request.js';

type Json = Readonly<Record<string, unknown>>;

/** What a caller sends is described as it is sent, what is answered as it comes. */
const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return rest;
};

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const parametersOf = (schema: z.ZodType, where: 'path' | 'query'): readonly Json[] => {
  const { properties, required } = schemaOf(schema, 'input');
  const names = Array.isArray(required) ? required : [];
  return Object.entries(isObject(properties) ? properties : {}).map(([name, each]) => ({
    name,
    in: where,
    required: where === 'path' || names.includes(name),
    schema: each,
  }));
};

const problem = (description: string): Json => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

const RESPONSES = {
  '400': problem('Asked wrongly; the sentence names the field'),
  '401': problem('Nobody is logged in'),
  '403': problem('Not for these roles, or not from this page'),
  '404': problem('Not there'),
  '409': problem('The state of things does not allow it'),
  '429': problem('Too many requests'),
};

const operationOf = (name: EndpointName): Json => {
  const { summary, roles, verb, params, query, body, answer } = ENDPOINTS[name];
  const [method = ''] = ROUTES[name].split(' ');
  const sent = schemaOf(body, 'input');
  const hasBody =
    method !== 'GET' && Object.keys(isObject(sent['properties']) ? sent['properties'] : { any: sent['oneOf'] ?? sent['anyOf'] }).length > 0;
  return {
    operationId: name,
    summary,
    description: [
      roles === 'public' ? 'For everybody.' : `For ${roles.join(', ')}.`,
      ...(verb === null ? [] : [`As \`quantai ${verb}\`.`]),
    ].join(' '),
    tags: [name.split('.')[0]],
    security: roles === 'public' ? [] : [{ token: [] }, { login: [], csrf: [] }],
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(hasBody && { requestBody: { required: true, content: { 'application/json': { schema: sent } } } }),
    responses: { '200': { description: 'Done', content: { 'application/json': { schema: schemaOf(answer, 'output') } } }, ...RESPONSES },
  };
};

const stream = (): Json => ({
  operationId: 'stream',
  summary: 'What happens, as server-sent events; `facts` go on behind the header last-event-id',
  tags: ['stream'],
  security: [{ token: [] }, { login: [] }],
  parameters: parametersOf(StreamQuery, 'query'),
  responses: { '200': { description: 'The stream', content: { 'text/event-stream': { schema: { type: 'string' } } } }, ...RESPONSES },
});

/** The API as an OpenAPI 3.1 document, made from the table of endpoints. */
export const openApiDocument = (version: string): Json => {
  const paths: Record<string, Record<string, Json>> = { '/stream': { get: stream() } };
  for (const [name, route] of Object.entries(ROUTES) as [EndpointName, string][]) {
    const [method = '', path = ''] = route.split(' ');
    (paths[path.replace(/:(\w+)/g, '{$1}')] ??= {})[method.toLowerCase()] = operationOf(name);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'QuantAI-Trad',
      version,
      description: 'Times are epoch ms UTC, money in the settlement asset, ratios fractions; what is not defined is null.',
    },
    servers: [{ url: API_ROOT }],
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, 'output') },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        login: { type: 'apiKey', in: 'cookie', name: 'quantai_session_4780', description: 'Its name ends in the port of the server.' },
        csrf: { type: 'apiKey', in: 'header', name: 'x-csrf-token' },
      },
    },
  };
};
