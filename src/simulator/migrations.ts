import { ALLOWED_BLACKOUT_MS, SETUP_SECONDS } from '../domain/precopy.ts';
import type { Refusal } from '../domain/rule.ts';
import type { Flight } from '../domain/snapshot.ts';
import { MIB, MINUTE, SECOND } from '../domain/units.ts';
import { refuseMigration } from './admission.ts';
import type { Agenda } from './agenda.ts';
import { type Copying, progressOf } from './copying.ts';
import type { DatacenterEvent, MigrationEnd, MigrationOrder } from './events.ts';
import type { Fleet } from './fleet.ts';
import { Networks } from './networks.ts';

const PREPARE_MS = (SETUP_SECONDS * SECOND) / 2;
const HANDOVER_MS = 30;
const FINISH_MS = PREPARE_MS - HANDOVER_MS;
/** Keeping track of written pages costs the guest this much of its time. */
const TRACKING_SHARE = 0.05;
/** A round that leaves more than this share of itself to the next has the guest throttled, as QEMU does it. */
const THROTTLE_ABOVE_SHARE = 0.5;
const FIRST_THROTTLE = 0.2;
const THROTTLE_STEP = 0.1;
const MOST_THROTTLE = 0.99;
/** After so many rounds the guest is stopped for whatever is left. */
const MOST_ROUNDS = 30;
/** A saved guest for which there is no room on its target by then is resumed where it came from. */
const MOST_WAITING_MS = 30 * MINUTE;

/**
 * Pre-copy as fluid: rounds as the estimate has them, but at the bandwidth, dirty rate and working set of each moment. A
 * network is shared equally by all that use it, and a migration goes as fast as the slowest on its way lets it.
 * A guest that writes too much is throttled further and further; in the last resort it is stopped for long. A quick one
 * is written to storage, and read back once there is room for it.
 */
export class Migrations {
  readonly #fleet: Fleet;
  readonly #agenda: Agenda;
  readonly #tell: (event: DatacenterEvent) => void;
  readonly #active = new Map<string, Copying>();
  readonly #byVm = new Map<number, Copying>();
  readonly #networks: Networks<Copying>;

  constructor(fleet: Fleet, agenda: Agenda, tell: (event: DatacenterEvent) => void, rackUplinkBytesPerS = 0) {
    this.#fleet = fleet;
    this.#agenda = agenda;
    this.#tell = tell;
    this.#networks = new Networks(fleet.hosts, rackUplinkBytesPerS);
  }

  start(order: MigrationOrder): Refusal | undefined {
    if (this.#active.has(order.id)) return { rule: 'order', because: `the order ${order.id} is being carried out` };
    const refusal = refuseMigration(order, this.#fleet);
    if (refusal !== undefined) return refusal;
    const vm = this.#fleet.vmIndex.get(order.vm)!;
    if (this.#byVm.has(vm)) return { rule: 'order', because: `${order.vm} is being migrated` };
    const copying = this.#prepare(order, vm);
    this.#active.set(order.id, copying);
    this.#byVm.set(vm, copying);
    this.#fleet.isMigrating[vm] = 1;
    if (order.how === 'live') this.#fleet.hold(vm, copying.target);
    this.#report(copying);
    return undefined;
  }

  cancel(id: string): boolean {
    const copying = this.#active.get(id);
    if (copying === undefined || copying.isLanding || copying.endsAs !== undefined) return false;
    if (copying.isSaved) this.#goHome(copying, { state: 'cancelled' });
    else if (copying.state === 'preparing' || copying.state === 'copying')
      this.#abandon(copying, { state: 'cancelled' });
    else return false;
    return true;
  }

  /** Must be called whenever a host has come up. */
  roomMayHaveCome(): void {
    for (const copying of [...this.#active.values()]) if (copying.isSaved && !copying.isLanding) this.#land(copying);
  }

  /** The host has died: what needs it fails. A migration whose guest has switched over needs its source no more. */
  failOn(host: number): void {
    const because = `${this.#fleet.hosts[host]!.id} crashed`;
    for (const copying of [...this.#active.values()]) {
      if (copying.source !== host && copying.target !== host) continue;
      if (copying.isSaved) this.#failSaved(copying, host, because);
      else if (copying.state !== 'finishing') this.#abandon(copying, { state: 'failed', because });
    }
  }

  uses(host: number): boolean {
    for (const { source, target } of this.#active.values()) if (source === host || target === host) return true;
    return false;
  }

  isMoving(vm: number): boolean {
    return this.#byVm.has(vm);
  }

  /** Those whose guest still runs on its source. */
  flights(): Flight[] {
    const open = [...this.#active.values()].filter((copying) => copying.state !== 'finishing');
    return open.map(({ order: { vm, from, to, how }, isSaved }) => {
      const quick = isSaved ? 'saved' : 'saving';
      return { vm, from, to, ...(how === 'quick' && { quick }) };
    });
  }

  /** Must be called right before loads change: what was written so far was written at the old rate. */
  settleAll(): void {
    for (const copying of this.#active.values()) this.#settle(copying);
  }

  reportAll(): void {
    for (const copying of this.#active.values()) if (copying.state === 'copying') this.#report(copying);
  }

  /** How fast the VM writes memory, throttled or stopped as it is. */
  dirtyBytesPerS(vm: number): number {
    if (this.#fleet.pace[vm] === 0) return 0;
    return this.#fleet.wanted.dirtyBytesPerS[vm]! * (1 - (this.#byVm.get(vm)?.throttle ?? 0));
  }

  #prepare(order: MigrationOrder, vm: number): Copying {
    const nowMs = this.#agenda.nowMs;
    const source = this.#fleet.hostIndex.get(order.from)!;
    const target = this.#fleet.hostIndex.get(order.to)!;
    const copying: Copying = {
      order,
      vm,
      source,
      target,
      startedAtMs: nowMs,
      state: 'preparing',
      round: 0,
      roundBytes: 0,
      remainingBytes: Math.max(this.#fleet.memoryInUseBytes(vm), MIB),
      dirtiedBytes: 0,
      copiedBytes: 0,
      bytesPerS: 0,
      throttle: 0,
      stoppedAtMs: nowMs,
      blackoutMs: 0,
      settledAtMs: nowMs,
      due: this.#agenda.enter(PREPARE_MS, () => this.#beginCopying(copying)),
      links: [],
      isSaved: false,
      landsOn: target,
      isLanding: false,
      endsAs: undefined,
    };
    return copying;
  }

  #beginCopying(copying: Copying): void {
    copying.state = 'copying';
    copying.stoppedAtMs = this.#agenda.nowMs;
    copying.settledAtMs = this.#agenda.nowMs;
    this.#setPace(copying);
    this.#beginRound(copying, copying.remainingBytes);
    this.#useLinks(copying, this.#wayOf(copying));
    this.#report(copying);
  }

  #beginRound(copying: Copying, bytes: number): void {
    copying.round += 1;
    copying.roundBytes = bytes;
    copying.remainingBytes = bytes;
    copying.dirtiedBytes = 0;
  }

  #endRound(copying: Copying): void {
    this.#settle(copying);
    copying.copiedBytes += copying.remainingBytes;
    if (copying.isSaved) this.#resume(copying);
    else if (copying.order.how === 'quick') this.#save(copying);
    else this.#endLiveRound(copying);
  }

  #endLiveRound(copying: Copying): void {
    const next = copying.dirtiedBytes;
    const fits = next <= (copying.bytesPerS * ALLOWED_BLACKOUT_MS) / SECOND;
    if (fits || copying.round >= MOST_ROUNDS) this.#beginSwitching(copying, next);
    else this.#copyAgain(copying, next);
  }

  #copyAgain(copying: Copying, next: number): void {
    if (next > THROTTLE_ABOVE_SHARE * copying.roundBytes) this.#throttle(copying);
    this.#beginRound(copying, next);
    this.#expectRoundEnd(copying);
    this.#report(copying);
  }

  #throttle(copying: Copying): void {
    const more = copying.throttle === 0 ? FIRST_THROTTLE : copying.throttle + THROTTLE_STEP;
    copying.throttle = Math.min(more, MOST_THROTTLE);
    this.#setPace(copying);
  }

  #beginSwitching(copying: Copying, rest: number): void {
    copying.state = 'switching';
    copying.stoppedAtMs = this.#agenda.nowMs;
    this.#beginRound(copying, rest);
    this.#setPace(copying);
    const lastCopyMs = (rest / copying.bytesPerS) * SECOND;
    copying.due = this.#agenda.enter(HANDOVER_MS + lastCopyMs, () => this.#switchOver(copying));
    this.#report(copying);
  }

  /** The guest leaves its source, and its room on the target is promised to it, whether it is there yet or not. */
  #save(copying: Copying): void {
    copying.state = 'switching';
    copying.isSaved = true;
    this.#useLinks(copying, []);
    this.#fleet.release(copying.vm, copying.source);
    this.#fleet.hold(copying.vm, copying.target);
    const because = `no room on ${copying.order.to} for too long`;
    copying.due = this.#agenda.enter(MOST_WAITING_MS, () => this.#goHome(copying, { state: 'failed', because }));
    this.#report(copying);
    this.roomMayHaveCome();
  }

  #land(copying: Copying): void {
    if (!this.#fleet.isOn(copying.landsOn) || !this.#fleet.hasRoomForAll(copying.landsOn)) return;
    copying.isLanding = true;
    copying.settledAtMs = this.#agenda.nowMs;
    this.#beginRound(copying, copying.copiedBytes);
    this.#useLinks(copying, [copying.landsOn]);
  }

  /** Back to where it came from, once there is room for it again. */
  #goHome(copying: Copying, end: Exclude<MigrationEnd, { readonly state: 'done' }>): void {
    copying.due.cancelled = true;
    copying.endsAs = end;
    copying.landsOn = copying.source;
    this.#fleet.release(copying.vm, copying.target);
    this.#fleet.hold(copying.vm, copying.source);
    this.roomMayHaveCome();
  }

  #failSaved(copying: Copying, host: number, because: string): void {
    if (copying.landsOn !== host) return;
    if (copying.isLanding) this.#stopLanding(copying);
    if (host === copying.target) this.#goHome(copying, { state: 'failed', because });
  }

  /** What is saved is not lost: it is read again when the host is back. */
  #stopLanding(copying: Copying): void {
    copying.due.cancelled = true;
    copying.isLanding = false;
    copying.remainingBytes = 0;
    this.#useLinks(copying, []);
  }

  #resume(copying: Copying): void {
    const { endsAs } = copying;
    if (endsAs === undefined) this.#switchOver(copying);
    else {
      copying.isSaved = false;
      this.#runAgain(copying);
      this.#end(copying, endsAs);
    }
  }

  #switchOver(copying: Copying): void {
    const { vm, order, source, target } = copying;
    const atMs = this.#agenda.nowMs;
    if (order.how === 'live') this.#fleet.release(vm, source);
    copying.state = 'finishing';
    copying.isSaved = false;
    copying.copiedBytes += copying.remainingBytes;
    copying.remainingBytes = 0;
    copying.blackoutMs = atMs - copying.stoppedAtMs;
    this.#fleet.arrive(vm, target, atMs);
    this.#runAgain(copying);
    copying.due = this.#agenda.enter(FINISH_MS, () => this.#finish(copying));
    this.#report(copying);
    this.#tell({ kind: 'vm-moved', vm: order.vm, from: order.from, to: order.to, atMs });
  }

  #runAgain(copying: Copying): void {
    this.#useLinks(copying, []);
    this.#byVm.delete(copying.vm);
    this.#fleet.isMigrating[copying.vm] = 0;
    this.#fleet.setPace(copying.vm, 1, this.#agenda.nowMs);
    this.roomMayHaveCome();
  }

  #finish(copying: Copying): void {
    const { copiedBytes, blackoutMs, startedAtMs } = copying;
    const seconds = (this.#agenda.nowMs - startedAtMs) / SECOND;
    this.#end(copying, { state: 'done', seconds, bytes: copiedBytes, blackoutMs });
  }

  #abandon(copying: Copying, end: MigrationEnd): void {
    copying.due.cancelled = true;
    if (copying.order.how === 'live') this.#fleet.release(copying.vm, copying.target);
    this.#runAgain(copying);
    this.#end(copying, end);
  }

  #end(copying: Copying, end: MigrationEnd): void {
    const { id, how } = copying.order;
    this.#active.delete(id);
    this.#tell({ kind: 'migration-ended', id, how, end, atMs: this.#agenda.nowMs });
  }

  #setPace(copying: Copying): void {
    const isStopped = copying.state === 'switching' || copying.order.how === 'quick';
    const pace = isStopped ? 0 : (1 - TRACKING_SHARE) * (1 - copying.throttle);
    this.#fleet.setPace(copying.vm, pace, this.#agenda.nowMs);
  }

  /** A quick one is written to storage, which is not what it shares with others. */
  #wayOf({ order, source, target }: Copying): readonly number[] {
    return order.how === 'live' ? this.#networks.between(source, target) : [source];
  }

  /** Leaves the networks that it used and joins these; all that share one of them get another share. */
  #useLinks(copying: Copying, links: readonly number[]): void {
    const changed = new Set([...copying.links, ...links]);
    this.#networks.leave(copying, copying.links);
    copying.links = links;
    this.#networks.join(copying, links);
    this.#share(changed);
  }

  /** Shares these networks out anew. The last copy of a stopped guest keeps the pace that was reckoned with. */
  #share(changed: ReadonlySet<number>): void {
    const ends = new Set(changed);
    for (const copying of this.#networks.over(changed)) {
      for (const link of copying.links) ends.add(link);
      if (copying.state !== 'copying' && !copying.isLanding) continue;
      this.#settle(copying);
      const { mostBytesPerS = Infinity } = copying.order;
      copying.bytesPerS = Math.min(mostBytesPerS, this.#networks.shareOf(copying.links));
      this.#expectRoundEnd(copying);
    }
    for (const link of ends) {
      if (this.#networks.isHost(link)) this.#fleet.setMigrated(link, this.#migrated(link), this.#agenda.nowMs);
    }
  }

  #migrated(host: number): number {
    let sum = 0;
    for (const copying of this.#networks.over([host])) sum += copying.bytesPerS;
    return sum;
  }

  #expectRoundEnd(copying: Copying): void {
    copying.due.cancelled = true;
    const restMs = (copying.remainingBytes / copying.bytesPerS) * SECOND;
    copying.due = this.#agenda.enter(restMs, () => this.#endRound(copying));
  }

  #settle(copying: Copying): void {
    if (copying.state !== 'copying' && !copying.isLanding) return;
    const seconds = (this.#agenda.nowMs - copying.settledAtMs) / SECOND;
    const copied = Math.min(copying.remainingBytes, copying.bytesPerS * seconds);
    const written = copying.dirtiedBytes + this.dirtyBytesPerS(copying.vm) * seconds;
    copying.remainingBytes -= copied;
    copying.copiedBytes += copied;
    copying.dirtiedBytes = Math.min(written, this.#fleet.memoryActiveBytes(copying.vm));
    copying.settledAtMs = this.#agenda.nowMs;
  }

  #report(copying: Copying): void {
    const { order, state } = copying;
    this.#tell({ kind: 'migration', id: order.id, state, progress: progressOf(copying), atMs: this.#agenda.nowMs });
  }
}
