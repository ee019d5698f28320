import { SECOND } from '../../domain/units.ts';
import { HypervisorError, NO_TIMEOUT } from './connection.ts';
import { aboutDomain, type Hypervisor, type MigrateCall, readDomain } from './hypervisor.ts';
import { MIGRATE, PROCEDURE } from './procedures.ts';
import { type SentParameter, writeParameters } from './typed-parameters.ts';
import { XdrWriter } from './xdr.ts';

export interface ManagedParts {
  readonly call: MigrateCall;
  /** Connections of this migration's own: when one ends, libvirt undoes there what is not finished. */
  readonly source: Hypervisor;
  readonly target: Hypervisor;
  /** Whether the target runs it, by what it lists; kept once that is clear, or nobody can tell. */
  readonly arrived: () => Promise<boolean | undefined>;
  /** From here on it stands still on the source, until the target runs it or the source is told to go on. */
  readonly stopped: () => void;
}

/** How a migration ended that did not bring the guest to its target. */
export interface Standstill {
  readonly error: unknown;
  /** The target was never told to run it, so the source may once the target has it no more. */
  readonly mayGoOn: boolean;
}

const PAUSED = 3;
/** A target that does not say within this time whether it runs the guest is looked at; memory that follows takes longer. */
const FINISH_MS = 60 * SECOND;
const NO_COOKIE = Buffer.alloc(0);

/**
 * A migration that is led from here, in the steps that libvirt's own client takes: the source begins, the target
 * prepares, the source copies, the target runs the guest, the source forgets it. What differs: whether the guest runs on
 * the target is never guessed from an answer that did not come. Nothing where it went well.
 */
export async function migrateManaged(parts: ManagedParts): Promise<Standstill | undefined> {
  const { source, target, stopped } = parts;
  const { domain, parameters } = parts.call;
  const call = { ...parts.call, flags: parts.call.flags | (await pausedFlag(parts)) };
  const begun = await begin(source, call);
  const described = [...parameters, text('destination_xml', begun.xml)];
  const prepared = await prepare(target, described, call.flags, begun.cookie).catch(async (error: unknown) => {
    await confirm(source, { ...call, parameters: described }, NO_COOKIE, false).catch(() => undefined);
    throw error;
  });
  const addressed = [...described, ...(prepared.uri === undefined ? [] : [text('migrate_uri', prepared.uri)])];
  const led = { ...call, parameters: addressed, flags: call.flags | MIGRATE.changeProtection };
  const named = [...addressed, text('destination_name', domain.name)];
  try {
    const copied = await source.migrate(led, prepared.cookie);
    stopped();
    return await landed(parts, led, () => finish(target, named, call.flags, copied, true));
  } catch (error) {
    await finish(target, named, call.flags, NO_COOKIE, false).catch(() => undefined);
    return { error, mayGoOn: true };
  }
}

/** The source is told what became of it only where that is known: told wrongly, it would run a second one. */
async function landed(
  { source, arrived }: ManagedParts,
  led: MigrateCall,
  run: () => Promise<Buffer>,
): Promise<Standstill | undefined> {
  try {
    const cookie = await run();
    await confirm(source, led, cookie, true).catch(() => undefined);
    return undefined;
  } catch (error) {
    const isThere = await arrived();
    const isRefused = error instanceof HypervisorError && isThere === false;
    if (isThere === true || isRefused) await confirm(source, led, NO_COOKIE, isThere).catch(() => undefined);
    return isThere === true ? undefined : { error, mayGoOn: false };
  }
}

const text = (name: string, value: string): SentParameter => ({ name, as: 'string', value });

/** One that stands still is to stand still over there. */
async function pausedFlag({ source, call }: ManagedParts): Promise<number> {
  const state = (await source.ask(PROCEDURE.domainState, aboutDomain(call.domain).uint(0))).int();
  return state === PAUSED ? MIGRATE.paused : 0;
}

async function begin(source: Hypervisor, { domain, parameters, flags }: MigrateCall) {
  const args = aboutDomain(domain);
  writeParameters(args, parameters);
  const reply = await source.ask(PROCEDURE.migrateBegin, args.uint(flags | MIGRATE.changeProtection));
  return { cookie: reply.bytes(), xml: reply.text() };
}

/** What only the source heeds, the target would refuse. */
const forTarget = (flags: number): number => flags & ~(MIGRATE.abortOnError | MIGRATE.autoConverge);

async function prepare(target: Hypervisor, parameters: readonly SentParameter[], flags: number, cookie: Buffer) {
  const args = new XdrWriter();
  writeParameters(args, parameters);
  const reply = await target.ask(PROCEDURE.migratePrepare, args.bytes(cookie).uint(forTarget(flags)), NO_TIMEOUT);
  return { cookie: reply.bytes(), uri: reply.optionalText() };
}

/** The target runs it, or throws away what has come of it. */
async function finish(
  target: Hypervisor,
  parameters: readonly SentParameter[],
  flags: number,
  cookie: Buffer,
  isWhole: boolean,
): Promise<Buffer> {
  const args = new XdrWriter();
  writeParameters(args, parameters);
  args
    .bytes(cookie)
    .uint(forTarget(flags))
    .int(isWhole ? 0 : 1);
  const isDrawnOut = (flags & MIGRATE.postCopy) !== 0;
  const reply = await target.ask(PROCEDURE.migrateFinish, args, isDrawnOut ? NO_TIMEOUT : FINISH_MS);
  readDomain(reply);
  return reply.bytes();
}

/** The source forgets it, or goes on with it. */
async function confirm(
  source: Hypervisor,
  { domain, parameters, flags }: MigrateCall,
  cookie: Buffer,
  isThere: boolean,
): Promise<void> {
  const args = aboutDomain(domain);
  writeParameters(args, parameters);
  args
    .bytes(cookie)
    .uint(flags | MIGRATE.changeProtection)
    .int(isThere ? 0 : 1);
  await source.ask(PROCEDURE.migrateConfirm, args, FINISH_MS);
}
