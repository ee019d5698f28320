import { describe, expect, test } from 'vitest';
import { refuseForeign } from '../../src/serve/guard.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('who may ask', () => {
  const rows: [about: string, bound: string, host: string, status: number | undefined][] = [
    ['localhost on loopback', '127.0.0.1', 'localhost:7070', undefined],
    ['the address itself', '127.0.0.1', '127.0.0.1:7070', undefined],
    ['loopback of the newer kind', '::1', '[::1]:7070', undefined],
    ['a name that DNS may have pointed at loopback', '127.0.0.1', 'evil.example:7070', 403],
    ['a foreign address on loopback', '127.0.0.1', '10.0.0.9:7070', 403],
    ['a name on a server for the network, to read', '0.0.0.0', 'drover.example:7070', undefined],
    ['no name at all', '127.0.0.1', '', 403],
  ];
  test.each(rows)('%s', (_, boundAddress, host, status) => {
    expect(refuseForeign({ method: 'GET', headers: { host }, boundAddress })?.status).toBe(status);
  });
});

describe('who may command', () => {
  const rows: [about: string, bound: string, headers: Record<string, string>, status: number | undefined][] = [
    ['a program on this machine', '127.0.0.1', { host: 'localhost:7070', ...JSON_TYPE }, undefined],
    ['the console', '127.0.0.1', { host: 'localhost:7070', origin: 'http://localhost:7070', ...JSON_TYPE }, undefined],
    [
      'with a character set',
      '127.0.0.1',
      { host: 'localhost', 'content-type': 'application/json; charset=utf-8' },
      undefined,
    ],
    ['another page', '127.0.0.1', { host: 'localhost:7070', origin: 'http://evil.example', ...JSON_TYPE }, 403],
    [
      'a page of another port',
      '127.0.0.1',
      { host: 'localhost:7070', origin: 'http://localhost:8080', ...JSON_TYPE },
      403,
    ],
    ['a page without origin', '127.0.0.1', { host: 'localhost:7070', origin: 'null', ...JSON_TYPE }, 403],
    ['a form', '127.0.0.1', { host: 'localhost:7070', 'content-type': 'text/plain' }, 415],
    ['without a type', '127.0.0.1', { host: 'localhost:7070' }, 415],
    ['a name on a server for the network', '0.0.0.0', { host: 'drover.example', ...JSON_TYPE }, 403],
    ['an address on a server for the network', '0.0.0.0', { host: '10.0.0.9:7070', ...JSON_TYPE }, undefined],
    ['the name that it was bound to', 'drover.example', { host: 'drover.example:7070', ...JSON_TYPE }, undefined],
  ];
  test.each(rows)('%s', (_, boundAddress, headers, status) => {
    expect(refuseForeign({ method: 'POST', headers, boundAddress })?.status).toBe(status);
  });
});
