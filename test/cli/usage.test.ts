import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { drover } from './console.ts';

describe('wrong usage: one sentence, exit code 2', () => {
  test.each([
    ['decde', 'drover has no command "decde" — did you mean "decide"?'],
    ['zzzzzzz', 'drover has no command "zzzzzzz"; `drover --help` lists the commands'],
    ['nosuch', 'drover has no command "nosuch"; `drover --help` lists the commands'],
    ['replay abc', 'CYCLE is "abc", should be the number of a cycle; `drover history` lists them'],
    ['help decidd', 'drover has no command "decidd" — did you mean "decide"?'],
    ['decide', 'drover decide needs a CASE: drover decide CASE [options]'],
    ['decide a.json b.json', 'drover decide cannot do anything with "b.json": drover decide CASE [options]'],
    ['decide a.json --refuse', 'drover decide has no option --refuse — did you mean "--refused"?'],
    ['version --verbose', 'drover version has no option --verbose; `drover version --help` lists its options'],
    ['version --toString', 'drover version has no option --toString; `drover version --help` lists its options'],
    ['version --json=yes', '--json takes no value'],
    ['explain a.json', 'drover explain needs a VM or a host: drover explain CASE --vm VM, or --host HOST'],
    ['explain a.json --vm', '--vm needs a value: --vm VM'],
    ['explain a.json --vm --json', '--vm needs a value: --vm VM'],
    ['explain a.json --vm x --limit 0', '--limit is 0, should be 1 or more'],
    ['mode atuo', 'MODE is "atuo", should be one of observe, recommend, confirm, auto — did you mean "auto"?'],
    ['schema cases', 'KIND is "cases", should be one of case, config, policy — did you mean "case"?'],
    ['hosts --power of', '--power is "of", should be one of on, emptying, shutting-down, off, booting, suspect'],
    ['generate --hosts many', '--hosts is "many", should be a number'],
    ['generate --hosts=', '--hosts is "", should be a number'],
    ['generate --seed 1.5', '--seed is 1.5, should be a whole number'],
    ['generate --skew 2', '--skew must be a share from 0 to 1'],
    ['status --url nonsense', '--url is "nonsense", should be an address such as http://127.0.0.1:7070'],
    ['generate --hosts -3', '--hosts must be a whole number from 1 to 100000'],
    ['run --mode auto --port 99999', '--port is 99999, should be a whole number from 0 to 65535'],
    ['run --speed 0', '--speed is 0, should be more than 0'],
    ['check nowhere.json', 'nowhere.json: cannot be read: there is no such file'],
    ['decide .', '.: cannot be read: it is a folder, should be a file'],
  ])('drover %s', async (line, sentence) => {
    const ran = await drover(line.split(' '));
    expect(ran.said).toEqual([`drover: ${sentence}`]);
    expect(ran.exitCode).toBe(2);
    expect(ran.out).toBe('');
  });
});

describe('help', () => {
  test('names every command, and fits 100 columns', async () => {
    const { out, exitCode } = await drover(['--help']);
    expect(exitCode).toBe(0);
    for (const { name, about } of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name}\\b.*  ${escaped(about)}$`, 'm'));
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  test.each([[[]], [['help']], [['-h']]])('is the same for %j', async (argv) => {
    expect(await drover(argv)).toEqual(await drover(['--help']));
  });

  test.each(COMMANDS.map(({ name }) => name))('of %s says how to call it, its options, and examples', async (name) => {
    const { out, exitCode } = await drover([name, '--help']);
    expect(exitCode).toBe(0);
    expect(out).toContain(`Usage: drover ${name}`);
    expect(out).toContain('--json');
    expect(out).toMatch(new RegExp(`^  drover .*${name}`, 'm'));
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
    expect(await drover(['help', name])).toEqual({ out, exitCode, said: [] });
  });
});

const escaped = (text: string) => text.replaceAll(/[|.*+?()[\]{}\\^$]/g, '\\$&');
