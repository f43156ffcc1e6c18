/** Bounds of a rule file. They are part of the rule language. */
export const RULE_FILE_MAX_BYTES = 256 * 1024;
export const YAML_MAX_DEPTH = 32;
/** How often aliases of one document may stand for their anchors, those inside of anchors counted each time. */
export const YAML_MAX_ALIASES = 100;
/** How many nodes a document may have once its aliases are expanded. */
export const YAML_MAX_EXPANDED_NODES = 200_000;
/** So many tokens of a file are read in full; a file of 256 KiB of triggers has 60 000. */
export const RULE_FILE_MAX_TOKENS = 75_000;
/** After this many errors a file's further ones are left out. */
export const FILE_MAX_DIAGNOSTICS = 20;

/** A file of sample events in YAML, which has no cap on rules' account. */
export const EVENT_YAML_MAX_BYTES = 8 * 1024 * 1024;
