// Writes src/wire/schema.ts: the types of the API's answers, from schema/openapi.json.
import {readFileSync, writeFileSync, existsSync} from 'node:fs';

type Schema = {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  allOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  prefixItems?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  description?: string;
};

const ROOT = new URL('../', import.meta.url);
const TARGET = new URL('src/wire/schema.ts', ROOT);
const document = JSON.parse(readFileSync(new URL('../schema/openapi.json', ROOT), 'utf8')) as {
  components: {schemas: Record<string, Schema>};
};

const SIMPLE: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** Returns the TypeScript type of a JSON schema. */
function typeOf(schema: Schema, indent = ''): string {
  if (schema.$ref) return nameOf(schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map(one => JSON.stringify(one)).join(' | ');
  const union = schema.anyOf ?? schema.oneOf;
  if (union) return union.map(one => typeOf(one, indent)).join(' | ');
  if (schema.allOf) return schema.allOf.map(one => typeOf(one, indent)).join(' & ');
  switch (schema.type) {
    case 'array':
      return `readonly (${typeOf(schema.items ?? {}, indent)})[]`;
    case 'object':
      return objectType(schema, indent);
    default:
      return SIMPLE[schema.type ?? ''] ?? 'Json';
  }
}

function objectType(schema: Schema, indent: string): string {
  if (schema.properties) {
    const required = new Set(schema.required ?? []);
    const inner = `${indent}  `;
    const lines = Object.entries(schema.properties).map(([name, one]) => {
      const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
      return `${inner}readonly ${key}${required.has(name) ? '' : '?'}: ${typeOf(one, inner)};`;
    });
    return `{\n${lines.join('\n')}\n${indent}}`;
  }
  const values = schema.additionalProperties;
  if (values && values !== true) return `Readonly<Record<string, ${typeOf(values, indent)}>>`;
  return 'Readonly<Record<string, Json>>';
}

function nameOf(name: string): string {
  return name === 'JsonValue' ? 'Json' : name.replaceAll(/\W/g, '_');
}

const parts = Object.entries(document.components.schemas)
  .filter(([name]) => name !== 'JsonValue')
  .map(([name, schema]) => `export type ${nameOf(name)} = ${typeOf(schema)};\n`);
const text = `// The forms of the API's answers. Written by tools/write_schema_types.ts: change nothing here.

export type Json = null | boolean | number | string | readonly Json[] | {readonly [key: string]: Json};

${parts.join('\n')}`;
if (!existsSync(TARGET) || readFileSync(TARGET, 'utf8') !== text) writeFileSync(TARGET, text);
