import type * as z from 'zod';

type Refusal<Field extends string> = (
  elements: readonly { readonly [Name in Field]: string }[],
  context: z.RefinementCtx,
) => void;

/** Refuses, in the list of that name, what has the id, or the field, of another before it. */
export function refuseTwins(list: string): Refusal<'id'>;
export function refuseTwins<Field extends string>(list: string, field: Field): Refusal<Field>;
export function refuseTwins(list: string, field = 'id'): Refusal<string> {
  return (elements, context) => {
    const first = new Map<string, number>();
    elements.forEach(({ [field]: value }, index) => {
      if (value === undefined) return;
      const twin = first.get(value);
      if (twin === undefined) first.set(value, index);
      else {
        const message = `is "${value}" like ${list}[${twin}].${field}, should be unique`;
        context.addIssue({ code: 'custom', path: [index, field], message });
      }
    });
  };
}
