import { HOOK_FACTS, type HookFacts } from '../../domain/hook.ts';

const asIs = (fact: string): string => fact;

/** The text with what stands in braces filled in; braces around anything else stay. */
export function filled(text: string, facts: HookFacts, written: (fact: string) => string = asIs): string {
  const known: Readonly<Record<string, string>> = facts;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in known ? written(known[name]!) : whole));
}

export function filledBody(body: string, facts: HookFacts): string {
  const isJson = /^\s*[{["]/.test(body) && !/^\s*\{\w+\}/.test(body);
  return filled(body, facts, isJson ? (fact) => JSON.stringify(fact).slice(1, -1) : asIs);
}

export function environmentOf(facts: HookFacts): Record<string, string> {
  return Object.fromEntries(HOOK_FACTS.map((name) => [`DROVER_${name.toUpperCase()}`, facts[name]]));
}
