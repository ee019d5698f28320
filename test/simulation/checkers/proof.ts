import type { Happening } from '../witness.ts';
import type { Checker } from './checker.ts';

/** No host is switched off before it was seen to come back, or a person vouched for it, or asked for it; trials find out. */
export function proof(): Checker {
  const known = new Known();
  return {
    property: 'only what comes back is switched off',
    judge(happening, { land, lives }) {
      known.hear(happening);
      if (happening.kind !== 'switch ordered' || happening.by !== 'drover' || happening.to !== 'off') return [];
      if (land.scenario.settings.hostPower.provenByDefault || known.mayGoOff.has(happening.host)) return [];
      const { trials } = lives.current!.daemon.operator.standing();
      const isTrial = trials.some(({ host }) => host === happening.host);
      return isTrial ? [] : [`${happening.host} was never seen to come back`];
    },
  };
}

class Known {
  readonly mayGoOff = new Set<string>();
  readonly #switchingOn = new Map<string, string>();

  hear(happening: Happening): void {
    if (happening.kind === 'person') this.#hearPerson(happening.did.replace(/^perhaps /, ''));
    if (happening.kind === 'begun' && happening.step.change.kind === 'power' && happening.step.change.to === 'on')
      this.#switchingOn.set(happening.step.id, happening.step.change.host);
    if (happening.kind !== 'outcome' || happening.outcome.state !== 'done') return;
    const host = this.#switchingOn.get(happening.id);
    if (host !== undefined) this.mayGoOff.add(host);
  }

  #hearPerson(did: string): void {
    const [verb, host = '', to] = did.split(' ');
    if (verb === 'vouch' || (verb === 'switch' && to === 'off')) this.mayGoOff.add(host);
  }
}
