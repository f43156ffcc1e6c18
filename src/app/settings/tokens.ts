import { isObject, type Json } from '../../kernel/json.js';
import { sha256 } from '../../kernel/hash.js';
import type { SettingType } from './setting.js';

/** What a caller may do; none includes another. */
export const TOKEN_SCOPES = ['ingest', 'read', 'admin'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** A bearer token, known by its hash alone. */
export interface TokenSetting {
  /** For logs and limits. */
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** SHA-256 of the token, lower-case hex. */
  readonly sha256: string;
}

const KEYS = ['name', 'scopes', 'sha256'];
const MASK = '[hidden]';

/** The tokens of a settings file. They stand nowhere else: a command line is seen by every process of the machine. */
export const tokenList: SettingType<readonly TokenSetting[]> = {
  words:
    'a list of tokens, each with name, scopes (of ingest, read, admin) and sha256, the hash of the token in hex',
  placeholder: null,
  choices: null,
  repeatable: false,
  completes: 'nothing',
  fromJson(value) {
    if (!Array.isArray(value)) return undefined;
    const tokens = (value as readonly Json[]).map(readToken);
    const names = new Set(tokens.map((token) => token?.name));
    return tokens.every((token) => token !== undefined) && names.size === tokens.length ? tokens : undefined;
  },
  fromTexts: () => undefined,
  write: (tokens) => tokens.map(({ name, scopes }) => ({ name, scopes: [...scopes], sha256: MASK })),
};

function readToken(value: Json): TokenSetting | undefined {
  if (!isObject(value) || Object.keys(value).some((key) => !KEYS.includes(key))) return undefined;
  const { name, scopes, sha256: hash } = value as { readonly [key: string]: Json | undefined };
  if (typeof name !== 'string' || !/^[\w.@-]{1,64}$/.test(name) || typeof hash !== 'string') return undefined;
  if (!/^[0-9a-f]{64}$/i.test(hash) || !Array.isArray(scopes) || scopes.length === 0) return undefined;
  const known = TOKEN_SCOPES.filter((scope) => scopes.includes(scope));
  if (known.length !== scopes.length) return undefined;
  return { name, scopes: known, sha256: hash.toLowerCase() };
}

/** The token that the environment gives in clear: it may do everything. Forgotten here but for its hash. */
export function environmentToken(token: string): TokenSetting {
  return { name: 'TRIGGERD_TOKEN', scopes: TOKEN_SCOPES, sha256: sha256(token) };
}
