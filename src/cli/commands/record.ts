import { resolve } from 'node:path';
import { readCase } from '../../case/read-case.ts';
import { problemWords } from '../../config/problem.ts';
import { sourcesSchema } from '../../config/sources.ts';
import { MINUTE, SECOND } from '../../domain/units.ts';
import { type Client, Refused, Unreachable } from '../../serve/client.ts';
import { backFill } from '../../traces/back-fill.ts';
import { Recorder } from '../../traces/recorder.ts';
import { TraceTrouble } from '../../traces/trouble.ts';
import { TraceWriter } from '../../traces/write-trace.ts';
import type { Call, OptionValues } from '../command.ts';
import { defineCommand } from '../command.ts';
import { clientOf } from '../daemon-client.ts';
import { DONE, type Ending, refused, wrong } from '../io.ts';
import { spanMs } from '../span.ts';

const DEFAULT_EVERY = '60s';
const DEFAULT_SINCE = '30d';
const DEFAULT_STEP = '5m';
const SOURCES = ['daemon', 'prometheus'] as const;

const options = {
  to: { kind: 'text', placeholder: 'FOLDER', about: 'Where the trace goes: a folder without one' },
  from: {
    kind: 'choice',
    values: SOURCES,
    about: 'What tells of the load: a running daemon, or what Prometheus remembers',
  },
  url: {
    kind: 'text',
    placeholder: 'URL',
    about: 'Where that is; otherwise $DROVER_URL or the usual place of the daemon',
  },
  every: { kind: 'text', placeholder: 'SPAN', about: `Of a daemon: between two snapshots; otherwise ${DEFAULT_EVERY}` },
  for: { kind: 'text', placeholder: 'SPAN', about: 'Of a daemon: how long; otherwise until Ctrl-C' },
  since: { kind: 'text', placeholder: 'SPAN', about: `Of Prometheus: how far back; otherwise ${DEFAULT_SINCE}` },
  step: { kind: 'text', placeholder: 'SPAN', about: `Of Prometheus: between two points; otherwise ${DEFAULT_STEP}` },
} as const;

type Given = OptionValues<typeof options>;
type RecordCall = Call<typeof options>;

export const record = defineCommand({
  name: 'record',
  group: 'files',
  about: 'Write load into a trace, for `drover simulate` and `compare`',
  more: `Spans are 90s, 15m, 1h or 30d. What was written is there in whole lines, whenever recording ends. A trace is a
folder of tables of comma-separated values: hosts, vms, samples and events; src/traces/README.md tells of its columns.`,
  operands: [],
  options,
  examples: [
    'drover record --to monday --for 24h',
    'drover record --to november --from prometheus --url http://prometheus:9090 --since 30d',
    'drover simulate --trace november',
  ],
  async run(call) {
    const { options: given, io } = call;
    if (given.to === undefined) return wrong('drover record needs a folder: drover record --to FOLDER');
    const trouble = troubleWith(given);
    if (trouble !== undefined) return wrong(trouble);
    let writer: TraceWriter | undefined;
    try {
      writer = await TraceWriter.in(resolve(io.cwd, given.to));
      return given.from === 'prometheus' ? await fromPrometheus(call, writer) : await fromDaemon(call, writer);
    } catch (error) {
      if (error instanceof TraceTrouble) return wrong(error.message);
      throw error;
    } finally {
      await writer?.close();
    }
  },
});

function troubleWith(given: Given): string | undefined {
  for (const name of ['every', 'for', 'since', 'step'] as const) {
    const value = given[name];
    if (value !== undefined && spanMs(value) === undefined)
      return `--${name} is "${value}", should be a span such as 90s, 15m, 1h or 30d`;
  }
  const isPast = given.from === 'prometheus';
  if (isPast && given.url === undefined) return 'drover record --from prometheus needs its address: --url URL';
  const idle = (isPast ? (['every', 'for'] as const) : (['since', 'step'] as const)).find((name) => given[name]);
  return idle && `--${idle} says nothing about ${isPast ? 'what Prometheus remembers' : 'a running daemon'}`;
}

async function fromDaemon({ options: given, io, json, out }: RecordCall, writer: TraceWriter): Promise<Ending> {
  const client = clientOf({ options: { url: given.url }, io });
  const everyMs = spanMs(given.every ?? DEFAULT_EVERY)!;
  const endMs = given.for === undefined ? Number.POSITIVE_INFINITY : Date.now() + spanMs(given.for)!;
  const recorder = new Recorder(writer);
  const interruption = interrupted();
  let snapshots = 0;
  let silence: string | undefined;
  for (;;) {
    const taken = await takeOne(client, recorder);
    // A daemon that is being restarted comes back; one that was never there does not.
    if (typeof taken === 'string' && snapshots === 0) return refused(taken);
    if (typeof taken === 'string' && silence === undefined) io.stderr.write(`${taken}; trying on\n`);
    silence = typeof taken === 'string' ? taken : undefined;
    if (taken === true) snapshots += 1;
    if (interruption.isOver || Date.now() + everyMs > endMs) break;
    await interruption.pause(everyMs);
    if (interruption.isOver) break;
  }
  interruption.end();
  if (json) await out.printJson({ to: given.to, snapshots });
  else await out.printLines([`${snapshots} snapshots are in ${given.to}`]);
  return DONE;
}

/** True: there was something new; a sentence: why it could not be had. */
async function takeOne(client: Client, recorder: Recorder): Promise<boolean | string> {
  try {
    const stated = readCase(await client.caseText(), 'the snapshot of the daemon');
    return Array.isArray(stated) ? problemWords(stated[0]!) : await recorder.take(stated.inventory);
  } catch (error) {
    if (error instanceof Unreachable || error instanceof Refused) return error.message;
    throw error;
  }
}

async function fromPrometheus({ options: given, io, json, out }: RecordCall, writer: TraceWriter): Promise<Ending> {
  const read = sourcesSchema('libvirt').safeParse([{ kind: 'prometheus', url: given.url }]);
  if (!read.success) return wrong(`--url ${read.error.issues[0]!.message}`);
  const { makeSource } = await import('../../wiring/sources.ts');
  const { SystemClock } = await import('../../wiring/clocks.ts');
  const source = makeSource(read.data[0]!, new SystemClock());
  const toMs = Math.floor(Date.now() / SECOND) * SECOND;
  const sinceMs = spanMs(given.since ?? DEFAULT_SINCE)!;
  const span = { fromMs: toMs - sinceMs, toMs, stepMs: spanMs(given.step ?? DEFAULT_STEP)! };
  let toldAtMs = Date.now();
  try {
    const filled = await backFill(source, span, writer, (atMs) => {
      if (Date.now() - toldAtMs < MINUTE / 12) return;
      toldAtMs = Date.now();
      io.stderr.write(`${Math.round(((atMs - span.fromMs) / sinceMs) * 100)} % is recorded\n`);
    });
    if (filled.samples === 0) return refused(`${source.name} remembers nothing of that time that is asked for`);
    if (json) await out.printJson({ to: given.to, ...filled });
    else
      await out.printLines([
        `${filled.samples} samples of ${filled.hosts} hosts and ${filled.vms} VMs are in ${given.to}`,
      ]);
    return DONE;
  } catch (error) {
    if (error instanceof TraceTrouble) throw error;
    return refused(error instanceof Error ? error.message : String(error));
  }
}

/** Ctrl-C and SIGTERM end the recording after what is under way. */
function interrupted() {
  let isOver = false;
  let wake = () => {};
  const over = () => {
    isOver = true;
    wake();
  };
  process.on('SIGINT', over);
  process.on('SIGTERM', over);
  return {
    get isOver() {
      return isOver;
    },
    pause: (ms: number) =>
      new Promise<void>((done) => {
        const timer = setTimeout(done, ms);
        wake = () => {
          clearTimeout(timer);
          done();
        };
        if (isOver) wake();
      }),
    end() {
      process.off('SIGINT', over);
      process.off('SIGTERM', over);
    },
  };
}
