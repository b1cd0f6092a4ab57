/** The OpenAPI 3.1 description, derived from the contract. */
import * as z from 'zod/mini';
import { errorCodes } from '#contract/error-codes.ts';
import { requests } from '#contract/index.ts';
import type { RequestName } from '#contract/index.ts';
import type { RequestDefinition } from '#contract/request.ts';
import { requestNames } from './request-table.ts';

export type JsonSchema = {
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  [keyword: string]: unknown;
};

export type ApiParameter = {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: JsonSchema;
};

export type ApiOperation = {
  operationId: RequestName;
  summary: string;
  tags: string[];
  parameters: ApiParameter[];
  requestBody?: { required: boolean; content: { 'application/json': { schema: JsonSchema } } };
  responses: Record<string, unknown>;
  security: Record<string, string[]>[];
};

export type ApiDescription = {
  openapi: '3.1.1';
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, ApiOperation>>;
  components: Record<string, unknown>;
};

/** `'POST /api/rooms/:roomUid/messages'` taken apart. */
export function routeOf(definition: RequestDefinition): {
  method: string;
  path: string;
  parameters: string[];
} {
  const [method = '', path = ''] = definition.http.split(' ');
  return { method, path, parameters: [...path.matchAll(/:([A-Za-z]+)/g)].map(([, name = '']) => name) };
}

/** The whole description. `port` is part of the cookie's name. */
export function createApiDescription(version: string, port: number): ApiDescription {
  const paths: ApiDescription['paths'] = {};
  for (const name of requestNames) {
    const { method, path } = routeOf(requests[name]);
    const template = path.replace(/:([A-Za-z]+)/g, '{$1}');
    paths[template] = { ...paths[template], [method.toLowerCase()]: operationOf(name, requests[name]) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Maru',
      version,
      description:
        'The REST side of the messenger. The same requests travel over Socket.IO by their operationId. Message contents, ' +
        'keys and records are sealed or signed by clients; the server checks their form and cannot open them.',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Refusal: refusalSchema },
      responses: {
        Refusal: { description: 'A refusal.', content: jsonOf({ $ref: '#/components/schemas/Refusal' }) },
      },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: `maru-${port}` },
        csrf: {
          type: 'apiKey',
          in: 'header',
          name: 'x-csrf-token',
          description: 'The csrfToken of the sign-in answer; on every request that changes something.',
        },
      },
    },
  };
}

const refusalSchema: JsonSchema = {
  type: 'object',
  required: ['ok', 'error', 'code'],
  properties: {
    ok: { const: false },
    error: { type: 'string', description: 'A sentence for people.' },
    code: { type: 'string', enum: Object.keys(errorCodes), description: 'Stable, for programs.' },
    field: { type: 'string', description: 'The field that is wrong.' },
    retryAfterMs: { type: 'integer', description: 'When to try again, in milliseconds.' },
  },
};

const jsonOf = (schema: JsonSchema) => ({ 'application/json': { schema } });

/** What a stream holds depends on what was asked for. */
const contentOf = (definition: RequestDefinition) =>
  definition.reply === 'stream'
    ? { '*/*': { schema: { type: 'string', format: 'binary' } } }
    : jsonOf(schemaOf(definition.output, 'output'));

function operationOf(name: RequestName, definition: RequestDefinition): ApiOperation {
  const { method, parameters: inPath } = routeOf(definition);
  const input = schemaOf(definition.input, 'input');
  const isRead = method === 'GET';
  const isPublic = definition.access === 'public';
  const fields = Object.entries(input.properties ?? {});
  const parameters = fields
    .filter(([field]) => isRead || inPath.includes(field))
    .map(([field, schema]): ApiParameter => {
      const isInPath = inPath.includes(field);
      return {
        name: field,
        in: isInPath ? 'path' : 'query',
        required: isInPath || (input.required ?? []).includes(field),
        schema,
      };
    });
  if (!isRead && !definition.isRepeatable) parameters.push(idempotencyParameter);
  const bodyFields = isRead ? [] : fields.filter(([field]) => !inPath.includes(field));
  const required = (input.required ?? []).filter((field) => !inPath.includes(field));
  const body = { ...input, properties: Object.fromEntries(bodyFields), required };
  return {
    operationId: name,
    summary: definition.summary,
    tags: [name.split(':')[0] ?? name],
    parameters,
    ...(bodyFields.length === 0
      ? {}
      : { requestBody: { required: required.length > 0, content: jsonOf(body) } }),
    responses: {
      '200': { description: 'Done.', content: contentOf(definition) },
      default: { $ref: '#/components/responses/Refusal' },
    },
    security: isPublic ? [] : [isRead ? { session: [] } : { session: [], csrf: [] }],
  };
}

const idempotencyParameter: ApiParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', maxLength: 200, description: 'A repeat within 24 hours gets the first answer.' },
};

function schemaOf(schema: z.ZodMiniType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return rest as JsonSchema; // zod's own type allows bare true and false, which objects of the contract never become
}
