import { expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../../src/domain/units.ts';
import { startMetering } from '../../../src/drivers/libvirt/metering.ts';
import type { RemotePower } from '../../../src/ports/remote-power.ts';
import { VirtualClock } from '../../kit/virtual-clock.ts';

type Answer = number | 'no meter' | 'silence';

/** What a BMC answers minute by minute, and what is said of it then: nothing, that it is well, or why not. */
async function saidOf(answers: readonly Answer[]) {
  const clock = new VirtualClock();
  let minute = 0;
  let asked = 0;
  const answer = async () => {
    const now = answers[Math.min(minute, answers.length - 1)]!;
    if (now === 'silence') throw new Error('it does not let us in');
    return now;
  };
  const power: Partial<RemotePower> = {
    watts: async () => {
      const now = await answer();
      return now === 'no meter' ? undefined : now;
    },
    isOn: async () => {
      asked += 1;
      await answer();
      return true;
    },
  };
  const said: (string | undefined)[] = [];
  const stop = startMetering({
    hosts: ['h1'],
    power: power as RemotePower,
    clock,
    intervalMs: 15 * SECOND,
    interning: { host: () => 0, vm: () => 0 },
    receive: () => {},
    answered: (_, trouble) => {
      said[minute] = trouble ?? 'well';
    },
  });
  for (; minute < answers.length; minute++) await clock.advance(MINUTE);
  stop();
  return { said: Array.from({ length: answers.length }, (_, at) => said[at] ?? ''), asked };
}

const BAD = 'it does not let us in';

test.each<[string, Answer[], string[]]>([
  ['answers', [100, 100, 100], ['well', '', '']],
  ['has no meter', ['no meter', 'no meter', 'no meter'], ['well', '', '']],
  ['never answers', ['silence', 'silence'], [BAD, BAD]],
  ['loses one question', [100, 'silence', 100], ['well', '', 'well']],
  ['answers no more for a while', [100, 'silence', 'silence', 100], ['well', '', BAD, 'well']],
])('of a BMC that %s is told what a person must know', async (_, answers, expected) => {
  expect((await saidOf(answers)).said).toEqual(expected);
});

test('a BMC without a meter is asked for its host once only', async () => {
  expect((await saidOf(['no meter', 'no meter', 'no meter'])).asked).toBe(1);
});
