import * as z from 'zod';
import { HOOK_FACTS, type Hooks, NO_HOOKS } from '../domain/hook.ts';
import { didYouMean } from './closest.ts';
import { anyText, choice, span, text, texts, whole } from './fields.ts';
import { refuseTwins } from './twins.ts';

const KNOWN_FACTS = HOOK_FACTS.map((fact) => `{${fact}}`).join(' ');

/** Braces around anything but a word, as in JSON, are left alone. */
function unknownFact(value: string): string | undefined {
  const known: readonly string[] = HOOK_FACTS;
  return [...value.matchAll(/\{(\w+)\}/g)].map(([, fact]) => fact!).find((fact) => !known.includes(fact));
}

function knowsFacts<T extends z.ZodType<string>>(field: T) {
  return field.superRefine((value, context) => {
    const fact = unknownFact(value);
    if (fact === undefined) return;
    const message = `says {${fact}}, should say one of ${KNOWN_FACTS}${didYouMean(fact, HOOK_FACTS)}`;
    context.addIssue({ code: 'custom', message });
  });
}

const httpSchema = z
  .strictObject({
    kind: z.literal('http').describe('A request over HTTP; any answer from 200 to 299 is success'),
    url: knowsFacts(
      text(`Where it goes; ${KNOWN_FACTS} stand for what it is about`).refine(isHttp, {
        error: (issue) =>
          `is ${JSON.stringify(issue.input)}, should be a URL such as "http://balancer/servers/{vm}/drain", without a password (headers carry it)`,
      }),
    ),
    method: choice(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], 'How it is asked').default('POST'),
    headers: z
      .record(z.string().min(1), z.string())
      .describe('Sent along, such as Authorization or Content-Type')
      .default({}),
    body: knowsFacts(anyText('What is sent; the same texts in braces stand for the same')).default(''),
  })
  .describe('A request over HTTP');

const commandSchema = z
  .strictObject({
    kind: z.literal('command').describe('A program on the machine of Drover; exit code 0 is success'),
    command: z
      .array(knowsFacts(z.string().min(1)))
      .min(1)
      .describe(
        'The program and its arguments, which no shell reads; {vm} and the like stand for what it is about, as do DROVER_VM and the like in its environment',
      ),
  })
  .describe('A program that is run');

const callSchema = z.discriminatedUnion('kind', [httpSchema, commandSchema]);

function isHttp(value: string): boolean {
  const url = value.replace(/\{\w+\}/g, 'x');
  if (!URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

const sessionsSchema = z
  .strictObject({
    most: whole('So many sessions may be left'),
    everySeconds: span('seconds', 'Time between two looks').default(5),
    withinSeconds: span('seconds', 'How long they are waited for').default(300),
    ask: callSchema
      .describe('Answers with the number, or with JSON whose `sessions` is it; left out: sessions as they are measured')
      .exactOptional(),
  })
  .describe('Waits, after the call before, until so few sessions are left on the VM');

const hookSchema = z
  .strictObject({
    id: text('Name of the hook, unique'),
    vms: texts('VMs by name; neither names nor labels: all VMs').default([]),
    vmLabels: z.record(z.string(), z.string()).describe('VMs that carry all of these labels').default({}),
    before: callSchema.describe('Called before the guest is copied').exactOptional(),
    sessions: sessionsSchema.exactOptional(),
    after: callSchema
      .describe('Called once the migration is over, however it ended, and after a restart if need be: perhaps twice')
      .exactOptional(),
    timeoutSeconds: span('seconds', 'Real time that one call may take').default(30),
    onFailure: choice(
      ['abort', 'go on'],
      'When the call before fails or sessions stay: the migration fails and is tried again later, or goes on',
    ).default('abort'),
    tries: whole('How often the call after is made until it succeeds', 1).default(3),
  })
  .superRefine((hook, context) => {
    if (hook.before !== undefined || hook.after !== undefined || hook.sessions !== undefined) return;
    context.addIssue({ code: 'custom', message: 'does nothing, should give before, sessions or after' });
  })
  .describe('What is done around each migration of these VMs');

export const hooksSchema = z
  .strictObject({
    mostAtOnce: whole('Calls at a time; more wait', 1).default(NO_HOOKS.mostAtOnce),
    around: z
      .array(hookSchema)
      .superRefine(refuseTwins('hooks.around'))
      .describe('The hooks, in the order in which they are called; after a migration in reverse')
      .default([]),
  })
  .describe('Calls around migrations: a load balancer that drains sessions first, say')
  .prefault({}) satisfies z.ZodType<Hooks>;
