import { describe, expect, test } from 'vitest';
import { Client, Refused, Unreachable } from '../../src/serve/client.ts';
import { ask, serve } from './running.ts';

describe('the client', () => {
  test('reads what the server says', async () => {
    const client = new Client((await serve()).url);
    expect((await client.status()).cluster).toBe('meadow');
    expect((await client.hosts({ rack: 'r1', limit: 1 })).items.map((host) => host.id)).toEqual(['h1']);
    expect((await client.host('h1')).vms).toEqual(['web', 'db']);
    expect((await client.vms({ host: 'h1' })).total).toBe(2);
    expect((await client.vm('web')).movingTo).toBe('h2');
    expect((await client.decisions({ verdict: 'accepted' })).items.map((decision) => decision.id)).toEqual(['d1']);
    expect((await client.plans()).map((plan) => plan.id)).toEqual(['p1']);
    expect((await client.plan('p1')).steps).toHaveLength(1);
    expect((await client.steps()).items[0]?.words).toBe('web: h1 → h2');
    expect((await client.policies()).map((policy) => policy.id)).toEqual(['green']);
    expect((await client.rules()).violations).toHaveLength(1);
    expect(await client.caseText()).toBe('{"hosts":[]}');
  });

  test('tells the daemon what to do', async () => {
    const { url, daemon } = await serve();
    const client = new Client(url.slice(0, -1));
    await client.confirm('p1');
    await client.confirm('p1', false, ['d1', 'd3']);
    await client.reject('p1');
    await client.setMode('auto');
    expect(daemon.told).toEqual(['confirm p1', 'confirm p1 d1 d3', 'reject p1', 'mode auto']);
  });

  test('ids are free to contain anything', async () => {
    const client = new Client((await serve()).url);
    await expect(client.host('a/b?c')).rejects.toThrow('there is no host a/b?c');
  });

  test('a refusal is thrown with the sentence of the daemon', async () => {
    const { url, daemon } = await serve();
    daemon.refusal = 'this plan was superseded';
    const refused = new Client(url).confirm('p1');
    await expect(refused).rejects.toThrow(Refused);
    await expect(refused).rejects.toMatchObject({ message: 'this plan was superseded', status: 409 });
  });

  test('who does not answer is named, with what to do', async () => {
    const { url, close } = await serve();
    expect((await ask(`${url}healthz`)).status).toBe(200);
    await close();
    const lost = new Client(url).status();
    await expect(lost).rejects.toThrow(Unreachable);
    await expect(lost).rejects.toThrow(
      `no daemon answers at ${url}; start one with \`npm start\` or name another with --url`,
    );
  });
});
