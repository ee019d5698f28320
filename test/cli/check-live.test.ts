import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/domain/finding.ts';
import { drover } from './console.ts';

const config = (driver: object) => JSON.stringify({ cluster: 'kvm', driver });
const NOBODY = config({
  kind: 'libvirt',
  hosts: [{ id: 'kvm1', uri: 'qemu+unix:///system?socket=/no/such/socket' }],
});

/** What is found on hosts that are there is tried in a laboratory. */
describe('check --live', () => {
  test('names what has failed, why, and what to do about it', async () => {
    const ran = await drover(['check', '--live', '-'], { stdin: `# yaml\n${NOBODY}` });
    expect(ran.exitCode).toBe(1);
    expect(ran.out).toMatch(/^STATE +WHERE +WHAT +FOUND\nfailed +kvm1 +connection +qemu\+unix:.*ENOENT/);
    expect(ran.out).toMatch(/\n\nkvm1 connection: Start libvirtd .*\/no\/such\/socket\.\n$/);
  });

  test('says the same to machines', async () => {
    const ran = await drover(['check', '--live', '-', '--json'], { stdin: `# yaml\n${NOBODY}` });
    const { findings } = JSON.parse(ran.out) as { readonly findings: readonly Finding[] };
    expect(ran.exitCode).toBe(1);
    expect(findings).toEqual([
      {
        about: 'kvm1',
        check: 'connection',
        state: 'failed',
        words: expect.stringContaining('ENOENT'),
        remedy: expect.stringMatching(/^Start .*\.$/),
      },
    ]);
  });

  test('goes on where files are missing that the configuration names, and says which', async () => {
    const bmc = { kind: 'ipmi', address: '127.0.0.1', user: 'drover', passwordFile: '/no/such/password' };
    const tls = { ca: '/no/such/ca.pem', cert: '/no/such/cert.pem', key: '/no/such/key.pem' };
    const hosts = [{ id: 'kvm1', uri: 'qemu+tls://127.0.0.1/system', bmc }];
    const stdin = `# yaml\n${config({ kind: 'libvirt', tls, hosts })}`;
    const ran = await drover(['check', '--live', '-', '--json'], { stdin });
    const { findings } = JSON.parse(ran.out) as { readonly findings: readonly Finding[] };
    expect(findings.map(({ check, words, remedy }) => [check, words, remedy])).toEqual(
      [
        ['connection', expect.stringContaining('tls.ca is /no/such/ca.pem, which is not there'), /^Correct tls/],
        ['bmc', expect.stringContaining('/no/such/password cannot be read'), /password are right/],
      ].map(([check, words, remedy]) => [check, words, expect.stringMatching(remedy as RegExp)]),
    );
  });

  test.each([
    ['a case', '{"drover":"case/1"}', /is a case; --live is for configurations/],
    [
      'a simulated datacenter',
      `# yaml\n${config({ kind: 'simulated' })}`,
      /driver simulated; --live is for real hosts/,
    ],
  ])('has nothing to try in %s', async (_, stdin, words) => {
    const ran = await drover(['check', '--live', '-'], { stdin });
    expect(ran).toMatchObject({ exitCode: 2, out: '', said: [expect.stringMatching(words)] });
  });
});
