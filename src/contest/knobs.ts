import type { Profile } from '../domain/profile.ts';
import type { OptionSpecs } from '../sdk/options.ts';
import { oneOf, type SeededRandom } from '../simulator/random.ts';

/** Something that may be turned, by the words that a contender is made of. */
export interface Knob {
  /** What stands before the colon: `profile`, or a policy. */
  readonly section: string;
  readonly field: string;
  /** A value drawn from where it makes sense; `usual` is what it is now. */
  draw(random: SeededRandom): number | boolean | string;
}

export const knobName = ({ section, field }: Knob): string => `${section}:${field}`;

interface Range {
  readonly least: number;
  readonly most: number;
  readonly isWhole?: boolean;
  /** Drawn so that half and twice as much are equally likely. */
  readonly isByFactor?: boolean;
}

/** Where those who know would look. */
const PROFILE_RANGES: Readonly<Record<string, Range>> = {
  horizonMinutes: { least: 15, most: 360, isByFactor: true },
  margin: { least: 1, most: 5, isByFactor: true },
  vmCooldownMinutes: { least: 5, most: 180, isByFactor: true },
  minimumOnMinutes: { least: 5, most: 180, isByFactor: true },
  minimumOffMinutes: { least: 5, most: 120, isByFactor: true },
  spareHosts: { least: 0, most: 4, isWhole: true },
  spareShare: { least: 0, most: 0.3 },
  'ceilings.cpu': { least: 0.5, most: 1 },
};
const WEIGHT: Range = { least: 0.25, most: 4, isByFactor: true };
/** Of a number without bounds, how far around what is usual to look. */
const AROUND = 4;

/** Every knob of the profile and of the policies at work in it. */
export function knobsOf(profile: Profile, optionsOf: (policy: string) => OptionSpecs): Knob[] {
  const ofProfile = Object.entries(PROFILE_RANGES).map(([field, range]) => knob('profile', field, range));
  const atWork = Object.entries(profile.policies).filter(([, { weight }]) => weight > 0);
  const ofPolicies = atWork.flatMap(([policy]) => [
    knob(policy, 'weight', WEIGHT),
    ...Object.entries(optionsOf(policy)).map(([field, spec]) => optionKnob(policy, field, spec)),
  ]);
  return [...ofProfile, ...ofPolicies];
}

const knob = (section: string, field: string, range: Range): Knob => ({
  section,
  field,
  draw: (random) => drawn(range, random),
});

function optionKnob(section: string, field: string, spec: OptionSpecs[string]): Knob {
  if (spec.kind === 'flag') return { section, field, draw: (random) => oneOf(random, [false, true]) };
  if (spec.kind === 'choice') return { section, field, draw: (random) => oneOf(random, spec.values ?? []) };
  const usual = spec.fallback as number;
  const reach = usual === 0 ? 1 : Math.abs(usual) * AROUND;
  return knob(section, field, { least: spec.least ?? usual - reach, most: spec.most ?? usual + reach });
}

const DIGITS = 3;

function drawn({ least, most, isWhole, isByFactor }: Range, random: SeededRandom): number {
  const share = random.next();
  if (isWhole === true) return least + Math.floor(share * (most - least + 1));
  const value = isByFactor === true ? least * (most / least) ** share : least + share * (most - least);
  return Number(value.toPrecision(DIGITS));
}

/** Some knobs turned at random, as the words of a contender: `usual`, where none was. */
export function turned(knobs: readonly Knob[], random: SeededRandom): string {
  const sections = new Map<string, string[]>();
  for (const each of knobs) {
    if (random.next() < 0.5) continue;
    const assignments = sections.get(each.section) ?? [];
    sections.set(each.section, [...assignments, `${each.field}=${each.draw(random)}`]);
  }
  const parts = Array.from(sections, ([section, assignments]) => `${section}:${assignments.join(',')}`);
  return parts.length === 0 ? 'usual' : parts.join('+');
}
