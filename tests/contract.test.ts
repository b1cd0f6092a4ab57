import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as z from 'zod/mini';
import { errorCodes } from '#contract/error-codes.ts';
import { events, requests } from '#contract/index.ts';
import type { RequestDefinition } from '#contract/request.ts';
import { createApiDescription, routeOf } from '../server/gateway/openapi.ts';
import type { ApiDescription, ApiOperation } from '../server/gateway/openapi.ts';
import { startTestServer } from '../server/testing/test-server.ts';
import type { TestServer } from '../server/testing/test-server.ts';

const table: [string, RequestDefinition][] = Object.entries(requests);
let server: TestServer;

before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

test('names are noun:verb, events noun:past, and no name is both', () => {
  for (const [name] of table) assert.match(name, /^[a-z]+:[a-z]+(-[a-z]+)*$/);
  for (const name of Object.keys(events)) {
    assert.match(name, /^[a-z]+:[a-z]+(-[a-z]+)*$/);
    assert.ok(!Object.hasOwn(requests, name), name);
  }
});

test('every request has an address of its own', () => {
  const shapes = table.map(([name, { http }]) => [http.replace(/:[A-Za-z]+/g, ':'), name] as const);
  const byShape = new Map<string, string>();
  for (const [shape, name] of shapes) {
    assert.ok(!byShape.has(shape), `${name} and ${byShape.get(shape)} share ${shape}`);
    byShape.set(shape, name);
  }
});

test('every parameter of a path is a required field of the input', () => {
  for (const [name, definition] of table) {
    const { properties, required } = schemaOf(definition.input, 'input');
    for (const parameter of routeOf(definition).parameters) {
      assert.ok(Object.hasOwn(Object(properties), parameter), `${name}: ${parameter}`);
      assert.ok(Array.isArray(required) && required.includes(parameter), `${name}: ${parameter}`);
    }
  }
});

test('inputs and outputs are objects, and every schema can be told in JSON', () => {
  for (const [name, { input, output }] of table) {
    assert.equal(schemaOf(input, 'input')['type'], 'object', name);
    assert.equal(schemaOf(output, 'output')['type'], 'object', name);
  }
  for (const [name, schema] of Object.entries(events)) {
    assert.equal(schemaOf(schema, 'output')['type'], 'object', name);
  }
});

test('what a GET takes fits into a query: no lists, no objects', () => {
  for (const [name, definition] of table) {
    if (!definition.http.startsWith('GET ')) continue;
    const { properties } = schemaOf(definition.input, 'input');
    for (const [field, schema] of Object.entries(Object(properties))) {
      const type = Object(schema).type;
      assert.ok(type === undefined || type === 'string', `${name}: ${field} is ${type}`);
    }
  }
});

test('whatever changes a session or needs a cookie is for HTTP alone', () => {
  for (const name of ['account:register', 'account:login', 'account:logout', 'session:resume'] as const) {
    assert.equal(Object(requests[name]).transport, 'http', name);
  }
});

test('only what must be is open to people who are not signed in', () => {
  const open = table.filter(([, { access }]) => access === 'public').map(([name]) => name);
  assert.deepEqual(open.toSorted(), [
    'account:check-name',
    'account:login',
    'account:prelogin',
    'account:register',
    'account:waiting',
    'config:get',
    'recovery:complete',
    'recovery:open',
    'reset:complete',
    'reset:open',
    'server:info',
  ]);
});

test('every request has a handler on both transports, and asks strangers to sign in', async () => {
  const bob = await server.connectAs('bob');
  for (const [name, definition] of table) {
    const { method, path } = routeOf(definition);
    const address = path.replace(/:[A-Za-z]+/g, 'AAAAAAAAAAAAAAAAAAAAAA');
    const stranger = await server.browser().request(method, address, method === 'GET' ? undefined : {});
    const code = Object(stranger.body).code;
    if (definition.access === 'public') assert.notEqual(code, 'NOT_FOUND', name);
    else assert.deepEqual([stranger.status, code], [401, 'NOT_SIGNED_IN'], name);
    const answer: unknown = await new Promise((resolve) => bob.socket.emit(name, { bogus: true }, resolve));
    const allowed = name.startsWith('admin:') ? ['FORBIDDEN', 'INVALID_INPUT'] : [undefined, 'INVALID_INPUT'];
    const expected = definition.transport === 'http' ? ['METHOD_NOT_ALLOWED'] : allowed;
    assert.ok(expected.includes(Object(answer).code), `${name}: ${Object(answer).code}`);
  }
});

test('every refusal has a status and a sentence, and codes look like codes', () => {
  for (const [code, { status, sentence }] of Object.entries(errorCodes)) {
    assert.match(code, /^[A-Z][A-Z_]+[A-Z]$/);
    assert.ok(status >= 400 && status < 600, code);
    assert.match(sentence, /^[A-Z].*[.?]$/, code);
  }
});

test('the description is OpenAPI 3.1 in its structure, complete, and refers to nothing that is not there', async () => {
  const { body } = await server.browser().request('GET', '/api/openapi.json');
  const served = body as ApiDescription; // compared with the type's own source in the next line
  assert.deepEqual(served, JSON.parse(JSON.stringify(createApiDescription('0.0.0', server.port))));
  assert.match(served.openapi, /^3\.1\.\d+$/);
  assert.ok(served.info.title !== '' && served.info.version !== '');
  const operations = Object.entries(served.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  assert.deepEqual(
    operations.map(({ operation }) => operation.operationId).toSorted(),
    table.map(([name]) => name).toSorted(),
  );
  for (const { path, method, operation } of operations) checkOperation(path, method, operation);
  for (const reference of JSON.stringify(served).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const target = (reference[1] ?? '')
      .split('/')
      .reduce((node, key) => Object(node)[key], served as unknown);
    assert.notEqual(target, undefined, reference[1]);
  }
});

function checkOperation(path: string, method: string, operation: ApiOperation): void {
  const where = `${method} ${path}`;
  assert.match(path, /^\/[A-Za-z0-9/{}-]+$/, where);
  assert.ok(['get', 'post', 'put', 'patch', 'delete'].includes(method), where);
  assert.ok(operation.summary !== '' && operation.tags.length === 1, where);
  const inTemplate = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name).toSorted();
  const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
  assert.deepEqual(inPath.map(({ name }) => name).toSorted(), inTemplate, where);
  assert.ok(
    inPath.every(({ required }) => required),
    where,
  );
  const keys = operation.parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
  assert.equal(new Set(keys).size, keys.length, where);
  if (method === 'get') assert.equal(operation.requestBody, undefined, where);
  assert.ok('200' in operation.responses && 'default' in operation.responses, where);
}

const schemaOf = (schema: z.ZodMiniType, io: 'input' | 'output'): Record<string, unknown> => ({
  ...z.toJSONSchema(schema, { io }),
});
