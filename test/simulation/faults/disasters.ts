import { MINUTE, SECOND } from '../../../src/domain/units.ts';
import { between, oneOf, type SeededRandom, wholeBelow } from '../../../src/simulator/random.ts';
import type { Land } from '../land.ts';
import type { Lives } from '../lives.ts';
import type { Happening } from '../witness.ts';
import type { Fault } from './kinds.ts';
import type { Trap } from './mortal-journal.ts';

const RARELY_MS = 15 * MINUTE;
const OFTEN_MS = 8 * MINUTE;
const LONGEST_MS = 10 * MINUTE;
const LONGEST_JUMP_MS = 90 * MINUTE;

/** Spans in which something does not work at all. */
const OUTAGES: readonly Fault[] = ['all-samples-lost', 'samples-late', 'inventory-hangs', 'inventory-fails'];
/** Spans in which the samples of one host or VM are wrong. */
const LIES: readonly Fault[] = ['samples-negative', 'samples-not-numbers', 'samples-unit-jump', 'samples-frozen'];
const TRAPS: readonly (readonly [Fault, Pick<Trap, 'at' | 'when'>])[] = [
  ['killed-before-command', { at: 'begin', when: 'after' }],
  ['killed-before-outcome', { at: 'end', when: 'before' }],
];
const MOST_CALLS_BEFORE_DEATH = 6;

/** What strikes hosts, samples, clocks and the daemon itself, whatever anybody does. */
export function unleash(land: Land, lives: Lives): void {
  strikeHosts(land);
  strikeSight(land);
  strikeClocks(land);
  strikeDaemons(land, lives);
  strikePolicies(land);
}

function strikeHosts(land: Land): void {
  const { board, datacenter, driver } = land;
  board.every('host-dies', RARELY_MS, (random) => die(land, 'host-dies', oneOf(random, datacenter.hostIds)));
  board.every('host-keeps-dying', RARELY_MS, (random) => {
    const host = oneOf(random, datacenter.hostIds);
    board.begin('host-keeps-dying', host, between(random, 0, 2 * LONGEST_MS));
    die(land, 'host-keeps-dying', host);
  });
  driver.watch((event) => {
    if (event.kind === 'host-power' && event.power === 'on' && board.isAt('host-keeps-dying', event.host))
      die(land, 'host-keeps-dying', event.host);
    else if (event.kind === 'host-power' && event.power === 'on')
      land.sight.touched(aboutHost(land, event.host), event.atMs);
  });
  board.every('host-hangs', RARELY_MS, (random) => {
    const host = oneOf(random, datacenter.hostIds);
    spanFor(land, 'host-hangs', host, random);
    board.struck('host-hangs', [host]);
  });
}

/** What the datacenter does by itself has to be told by its driver, which looks when it is asked something. */
function die(land: Land, fault: Fault, host: string): void {
  void land.driver.inventory();
  const subjects = aboutHost(land, host);
  if (land.datacenter.crash(host) === undefined) land.board.struck(fault, subjects);
  void land.driver.inventory();
}

function aboutHost({ datacenter }: Land, host: string): string[] {
  return [host, ...datacenter.vmIds.filter((vm) => datacenter.hostOf(vm) === host)];
}

function strikeSight(land: Land): void {
  const { board, datacenter } = land;
  for (const fault of OUTAGES) {
    board.every(fault, RARELY_MS, (random) => {
      spanFor(land, fault, '', random);
      board.struck(fault, []);
    });
  }
  board.every('samples-lost', RARELY_MS, (random) => {
    const host = oneOf(random, datacenter.hostIds);
    spanFor(land, 'samples-lost', host, random);
    board.struck('samples-lost', [], host);
  });
  for (const fault of LIES) {
    board.every(fault, OFTEN_MS, (random) => {
      const who = oneOf(random, random.next() < 0.5 ? datacenter.hostIds : datacenter.vmIds);
      spanFor(land, fault, who, random);
      board.struck(fault, [], who);
    });
  }
}

function strikeClocks(land: Land): void {
  const { board, sight, clock } = land;
  const jump = (fault: Fault, sign: 1 | -1) =>
    board.every(fault, RARELY_MS, (random) => {
      const most = oneOf(random, [20 * SECOND, 5 * MINUTE, LONGEST_JUMP_MS]);
      sight.skewMs += sign * Math.floor(between(random, 0, most));
      board.struck(fault, [], `${sight.skewMs} ms off`);
      clock.after(between(random, 0, 2 * LONGEST_MS), () => {
        sight.skewMs = 0;
      });
    });
  jump('clock-ahead', 1);
  jump('clock-back', -1);
  board.every('process-stands-still', RARELY_MS, (random) => {
    spanFor(land, 'process-stands-still', '', random);
    board.struck('process-stands-still', []);
  });
}

function strikeDaemons(land: Land, lives: Lives): void {
  const { board } = land;
  board.every('killed', OFTEN_MS, () => {
    if (lives.current?.isDead !== false) return;
    board.struck('killed', []);
    lives.current.kill();
  });
  board.every('stopped', RARELY_MS, () => {
    if (lives.running === undefined) return;
    board.struck('stopped', []);
    lives.running.stop(2 * MINUTE);
  });
  killDuring(land, lives, 'killed-while-moving', 'migration ordered', 20 * SECOND);
  killDuring(land, lives, 'killed-while-switching', 'switch ordered', MINUTE);
  for (const [fault, trap] of TRAPS)
    board.every(fault, OFTEN_MS, () => setTrap(land, lives, fault, { ...trap, calls: 0 }));
  board.every('killed-while-writing', OFTEN_MS, (random) => {
    const when = oneOf(random, ['before', 'after'] as const);
    setTrap(land, lives, 'killed-while-writing', {
      at: 'any',
      when,
      calls: wholeBelow(random, MOST_CALLS_BEFORE_DEATH),
    });
  });
  board.every('journal-fails', 2 * RARELY_MS, (random) => spanFor(land, 'journal-fails', '', random));
}

/** At one of the next orders of that kind, some seconds after it was given. */
function killDuring(land: Land, lives: Lives, fault: Fault, kind: Happening['kind'], longestMs: number): void {
  const { board, clock, witness, scenario } = land;
  const draw = (random: SeededRandom) => between(random, 0, longestMs);
  let delayMs = scenario.faults.has(fault) ? draw(board.chance(fault)) : undefined;
  board.every(fault, OFTEN_MS, (random) => {
    delayMs = draw(random);
  });
  witness.listen((happening) => {
    if (happening.kind !== kind || delayMs === undefined || !('by' in happening) || happening.by !== 'drover') return;
    const isUnderWay = () => happening.kind !== 'migration ordered' || land.underWay.has(happening.order.id);
    clock.after(delayMs, () => {
      if (board.isOver || !isUnderWay() || lives.current?.isDead !== false) return;
      board.struck(fault, []);
      lives.current.kill();
    });
    delayMs = undefined;
  });
}

function setTrap({ board }: Land, lives: Lives, fault: Fault, trap: Omit<Trap, 'sprung'>): void {
  lives.current?.killAt({ ...trap, sprung: () => board.struck(fault, []) });
}

function strikePolicies(land: Land): void {
  for (const fault of ['policy-throws', 'policy-costs-nonsense', 'policy-proposes-nonsense'] as const)
    land.board.every(fault, OFTEN_MS, (random) => spanFor(land, fault, '', random));
}

function spanFor({ board }: Land, fault: Fault, subject: string, random: SeededRandom): void {
  board.begin(fault, subject, between(random, MINUTE, LONGEST_MS));
}
