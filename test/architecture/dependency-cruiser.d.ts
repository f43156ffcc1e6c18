/** The floors of src/ as data. */
declare module '*.dependency-cruiser.mjs' {
  import type { IConfiguration } from 'dependency-cruiser';

  const configuration: {
    forbidden: NonNullable<IConfiguration['forbidden']>;
    options: NonNullable<IConfiguration['options']>;
  };
  export default configuration;
}
