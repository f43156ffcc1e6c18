import type { Json } from '../../kernel/json.js';

/** Where a setting's value comes from, and the value as a settings file would have it; secrets are masked. */
export interface SettingOrigin {
  readonly name: string;
  readonly value: Json;
  readonly from: 'default' | 'file' | 'environment' | 'flag';
  /** In words: `default`, `TRIGGERD_PORT`, `--port`, `triggerd.yaml:3`. */
  readonly where: string;
}
