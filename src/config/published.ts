import { parse } from 'yaml';
import type { Value } from '../model.ts';
import { isRecord } from '../model.ts';
import { registry } from '../resources/index.ts';
import { capital, withArticle } from '../text.ts';
import type { JsonSchema } from '../vocabulary/type.ts';
import { configSchema } from './schema.ts';

/** The schema as editors get it: the one that validates, with what only they read. */
export function publishedSchema(): JsonSchema {
  const schema = explained(configSchema());
  for (const { section, shape, kind, example } of registry.values()) {
    const isSingle = shape === 'single';
    const [label, what] = isSingle ? [kind, capital(kind)] : [`new ${kind}`, capital(withArticle(kind))];
    const defaultSnippets = [
      { label, description: `${what}, as an example to change.`, body: snippet(example, isSingle) },
    ];
    Object.assign(schema.properties?.[section] ?? {}, { defaultSnippets });
  }
  return schema;
}

/** Editors take descriptions for plain text, and have words of their own for a value of the wrong type. */
function explained(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (_, value: unknown) => {
    const { description, enumDescriptions, patternErrorMessage } = (value ?? {}) as JsonSchema;
    // Of the maps of names some have a field that is called description.
    if (typeof description !== 'string' && enumDescriptions === undefined && patternErrorMessage === undefined)
      return value;
    return {
      ...(value as JsonSchema),
      ...(typeof description === 'string' && { markdownDescription: description }),
      ...(enumDescriptions && { markdownEnumDescriptions: enumDescriptions }),
      ...(patternErrorMessage !== undefined && { errorMessage: patternErrorMessage }),
    };
  });
}

/** An example with its names and values as places to fill in, one after the other. */
function snippet(example: string, isSingle: boolean): Value {
  let places = 0;
  const place = (text: unknown) => {
    places += 1;
    return `\${${places}:${String(text)}}`;
  };
  const fill = (value: unknown): Value => {
    if (Array.isArray(value)) return value.map(fill);
    if (!isRecord(value)) return place(value);
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fill(inner)]));
  };
  if (isSingle) return fill(parse(example));
  const [[name, entry] = []] = Object.entries(parse(example));
  return { [place(name)]: fill(entry) };
}
