import * as z from 'zod';
import type { Resource, ResourceKey, ResourceName } from '../domain/resources.ts';
import { RESOURCES } from '../domain/resources.ts';

/** The kinds of values that files carry, each with its bounds, its unit and a sentence about it in one place. */
export const text = (about: string) => z.string().min(1).describe(about);
export const anyText = (about: string) => z.string().describe(about);
export const flag = (about: string) => z.boolean().describe(about);
export const choice = <const T extends readonly string[]>(values: T, about: string) => z.enum(values).describe(about);
export const texts = (about: string) => z.array(z.string().min(1)).describe(about);
export const whole = (about: string, least = 0) => z.int().min(least).describe(about);
export const factor = (about: string, least = 0) => z.number().min(least).describe(about);
export const share = (about: string) => z.number().min(0).max(1).describe(about);

/** A measured amount, zero or more. */
export const amount = (unit: string, about: string) =>
  z
    .number()
    .nonnegative()
    .meta({ description: `${about}, in ${unit}`, unit });

/** As `amount`, and more than zero. */
export const span = (unit: string, about: string) =>
  z
    .number()
    .positive()
    .meta({ description: `${about}, in ${unit}`, unit });

export const money = (about: string) => z.number().nonnegative().meta({ description: about, unit: 'money' });

/** One field per resource, under the names that case files and rows use. */
export function fieldPerKey<T>(field: (resource: Resource) => T): Record<ResourceKey, T> {
  const shape: Partial<Record<ResourceKey, T>> = {};
  for (const resource of RESOURCES) shape[resource.key] = field(resource);
  return shape as Record<ResourceKey, T>;
}

/** One field per resource, under the words that views and rules use. */
export function fieldPerName<T>(
  field: (resource: Resource & { readonly name: ResourceName }) => T,
): Record<ResourceName, T> {
  const shape: Partial<Record<ResourceName, T>> = {};
  for (const resource of RESOURCES) shape[resource.name] = field(resource);
  return shape as Record<ResourceName, T>;
}

/** An address of the web that carries no password: that would be shown wherever the address is. */
export function isHttp(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
