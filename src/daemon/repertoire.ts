import { isDeepStrictEqual } from 'node:util';
import type { Profile } from '../domain/profile.ts';
import type { Shelf, Shelved } from '../loading/library.ts';
import { newcomers, withNewcomers } from '../loading/newcomers.ts';
import { choosePolicies, type LoadedPolicy } from '../sdk/choose.ts';
import { optionsJsonSchema } from '../sdk/options.ts';
import type { PolicyStatus } from './queries.ts';

/** One sentence for the log. */
export interface News {
  readonly level: 'info' | 'warn';
  readonly sentence: string;
}

interface Suspension {
  readonly version: string;
  readonly because: string;
}

/**
 * Which policies are at work. What is newer on the shelf takes over at once, if it fits the profile; what does not leaves
 * the version at work that was good. One that cost a cycle its time is suspended until its file changes.
 */
export class Repertoire {
  #shelf: Shelf;
  #profile: Profile;
  #effective: Profile;
  #chosen: ReadonlyMap<string, LoadedPolicy> = new Map();
  #misfits: ReadonlyMap<string, string> = new Map();
  #atWork: readonly LoadedPolicy[] = [];
  readonly #suspended = new Map<string, Suspension>();

  constructor(shelf: Shelf, profile: Profile) {
    this.#shelf = shelf;
    this.#profile = profile;
    this.#effective = profile;
    this.#choose();
  }

  /** In the order of the profile; the same list while nothing changes. */
  get atWork(): readonly LoadedPolicy[] {
    return this.#atWork;
  }

  /** The profile as if it named every policy at work. */
  get profile(): Profile {
    return this.#effective;
  }

  /** Goes by another profile; or says what of it cannot be honoured, and changes nothing. */
  follow(profile: Profile): readonly string[] {
    const files = this.#shelf.flatMap(({ good }) => good ?? []);
    const { problems } = choosePolicies(files, withNewcomers(profile, this.#present()));
    if (problems.length > 0) return problems;
    this.#profile = profile;
    this.#choose();
    return [];
  }

  /** Goes by what is on the shelf now. */
  take(shelf: Shelf): readonly News[] {
    const before = { shelf: this.#shelf, chosen: this.#chosen, misfits: this.#misfits };
    this.#shelf = shelf;
    this.#choose();
    return [
      ...shelf.flatMap(({ id, trouble }) => {
        const known = before.shelf.find((other) => other.id === id)?.trouble;
        return trouble === '' || trouble === known ? [] : [this.#troubleNews(id, trouble)];
      }),
      ...[...this.#misfits].flatMap(([id, why]) =>
        why === before.misfits.get(id) ? [] : [this.#troubleNews(id, why)],
      ),
      ...this.#changes(before.chosen),
    ];
  }

  suspend(id: string, because: string): void {
    const version = this.#chosen.get(id)?.version ?? '';
    this.#suspended.set(id, { version, because: `${because}; it rests until its file changes` });
    this.#lineUp();
  }

  /** Every policy that is known, at work or not. `skipped`: those that failed in the last cycle. */
  stand(skipped: readonly { readonly policy: string; readonly because: string }[]): readonly PolicyStatus[] {
    return this.#shelf
      .filter(({ id, gone }) => !gone || this.#chosen.has(id))
      .map((shelved) => {
        const { id, good } = shelved;
        const chosen = this.#chosen.get(id);
        const policy = (chosen ?? good)?.policy;
        return {
          id,
          about: policy?.about ?? '',
          version: (chosen ?? good)?.version ?? '',
          weight: this.#restsBecause(id) === undefined ? (chosen?.weight ?? 0) : 0,
          options: chosen?.values ?? {},
          optionsSchema: optionsJsonSchema(policy?.options ?? {}),
          trouble: this.#troubleOf(shelved) || (skipped.find((skip) => skip.policy === id)?.because ?? ''),
        };
      });
  }

  /** A policy that no longer fits stays as it was; one that nobody names any more leaves when its file is gone. */
  #choose(): void {
    const chosen = new Map<string, LoadedPolicy>();
    const misfits = new Map<string, string>();
    this.#effective = withNewcomers(this.#profile, this.#present());
    const { policies, ...profile } = this.#effective;
    for (const [id, choice] of Object.entries(policies)) {
      const good = this.#shelf.find((shelved) => shelved.id === id)?.good;
      if (good === undefined || choice.weight === 0) continue;
      const fits = choosePolicies([good], { ...profile, policies: { [id]: choice } });
      const loaded = fits.chosen[0] ?? this.#chosen.get(id);
      if (loaded !== undefined) chosen.set(id, loaded);
      if (fits.problems.length > 0)
        misfits.set(id, `version ${good.version} does not fit: ${fits.problems.join('; ')}`);
    }
    this.#chosen = chosen;
    this.#misfits = misfits;
    this.#lineUp();
  }

  #lineUp(): void {
    const lined = [...this.#chosen.values()].filter(({ policy }) => this.#restsBecause(policy.id) === undefined);
    if (isDeepStrictEqual(lined, this.#atWork)) return;
    this.#atWork = lined;
  }

  #present(): string[] {
    return this.#shelf.filter(({ good, gone }) => good !== undefined && !gone).map(({ id }) => id);
  }

  #troubleOf({ id, trouble }: Shelved): string {
    return trouble || this.#misfits.get(id) || (this.#restsBecause(id) ?? '');
  }

  /** Why the version that is chosen is suspended, if it is. */
  #restsBecause(id: string): string | undefined {
    const { version, because } = this.#suspended.get(id) ?? {};
    return version !== undefined && this.#chosen.get(id)?.version === version ? because : undefined;
  }

  #troubleNews(id: string, trouble: string): News {
    const kept = this.#chosen.get(id);
    const meanwhile = kept === undefined ? 'it is not at work' : `version ${kept.version} stays at work`;
    return { level: 'warn', sentence: `policy ${id}: ${trouble}; ${meanwhile}` };
  }

  #changes(before: ReadonlyMap<string, LoadedPolicy>): News[] {
    const unnamed = new Set(newcomers(this.#profile, this.#present()));
    const came = [...this.#chosen].flatMap(([id, { version, weight }]): News[] => {
      const known = before.get(id);
      if (known?.version === version) return [];
      if (known !== undefined) return [info(`policy ${id} is version ${version} from now on (was ${known.version})`)];
      const named = unnamed.has(id) ? ', though the profile does not name it' : '';
      return [info(`policy ${id}, version ${version}, is at work from now on with weight ${weight}${named}`)];
    });
    const left = [...before.keys()].filter((id) => !this.#chosen.has(id));
    return [...came, ...left.map((id) => info(`policy ${id} is no longer at work`))];
  }
}

const info = (sentence: string): News => ({ level: 'info', sentence });
